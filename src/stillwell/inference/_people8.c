/* Eight people side by side: for few findings, where the sweep fits into the cache. */
#define LANES 8
#define STILLWELL_PEOPLE stillwell_people_8
#include "_people.h"
