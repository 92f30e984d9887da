/* The dimensions of a tensor that is open: which node each is, and how many levels it has, the outermost first. */
#ifndef STILLWELL_SHAPE
#define STILLWELL_SHAPE

#include <stddef.h>

#ifndef MAX_DIMS
#define MAX_DIMS 48
#endif

typedef struct {
    int n;
    int id[MAX_DIMS];
    int size[MAX_DIMS];
} Shape;

/* Cells of the dimensions from one to before another. */
static inline size_t product(const Shape *s, int from, int to) {
    size_t total = 1;
    for (int i = from; i < to; i++) total *= (size_t)s->size[i];
    return total;
}

static inline void insert_dim(Shape *s, int at, int id, int size) {
    for (int i = s->n; i > at; i--) {
        s->id[i] = s->id[i - 1];
        s->size[i] = s->size[i - 1];
    }
    s->id[at] = id;
    s->size[at] = size;
    s->n++;
}

static inline void remove_dim(Shape *s, int at) {
    s->n--;
    for (int i = at; i < s->n; i++) {
        s->id[i] = s->id[i + 1];
        s->size[i] = s->size[i + 1];
    }
}

#endif
