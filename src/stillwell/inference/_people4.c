/* Four people side by side: for many findings, where more do not fit into the cache. */
#define LANES 4
#define STILLWELL_PEOPLE stillwell_people_4
#include "_people.h"
