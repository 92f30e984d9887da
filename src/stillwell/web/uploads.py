"""Forms with files, read into memory: what a person uploads is never written to a disk."""

from __future__ import annotations

from contextlib import aclosing

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from stillwell.web.security import MAX_BODY


class _InMemory(MultiPartParser):
    """The usual reader writes a file of more than 1 MB to a temporary one."""

    spool_max_size = MAX_BODY + 1


async def form_of(request: Request, most_fields: int = 1000) -> FormData:
    """A form, with or without a file.

    Raises:
        HTTPException: it is no form, or has more than one file or more fields than `most_fields`.
    """
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return await request.form(max_fields=most_fields)
    try:
        async with aclosing(request.stream()) as stream:
            reader = _InMemory(request.headers, stream, max_files=1, max_fields=most_fields)
            return await reader.parse()
    except MultiPartException:
        raise HTTPException(400) from None


async def file_of(form: FormData, name: str) -> bytes:
    """What was uploaded under a name; nothing where no file was chosen."""
    given = form.get(name)
    if not isinstance(given, UploadFile):
        return b""
    try:
        return await given.read()
    finally:
        await given.close()
