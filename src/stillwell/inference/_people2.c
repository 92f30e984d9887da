/* Two people side by side: for many findings, where memory is what it waits for. */
#define LANES 2
#define STILLWELL_PEOPLE stillwell_people_2
#include "_people.h"
