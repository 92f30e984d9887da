"""The compiled sweep kernel; its one function is called through ctypes."""
