/* Sweep over a noisy-OR / noisy-MAX network, carrying the joint distribution of what is open: variables
 * whose edges are not all done, and accumulators that can still change. All terms are non-negative, so
 * nothing cancels. Knows arrays, not medicine.
 *
 * A tensor is stored with its dims from outermost to innermost and the lanes of the batch as the
 * innermost axis. Weights have a row each, of which the lanes of the batch are a part: rows lie `stride` apart. Every instruction works in place. The program is written by program.py: records of
 * eight integers (see the enum), weights by lane, and patterns of (from, to) pairs. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "_shape.h"

#define WORDS 8

enum {
    OPEN = 0,  /* dim, size, weights: a new outermost dim */
    OPEN_LED,  /* dim, size, weights, nnz, pattern, led weights, led dim: slots above 0 move led dim */
    APPLY,     /* dim, slot, along, nnz, pattern, weights: within one slot of dim, matrix along `along` */
    ADD,       /* dim, slot, target slot, along, nnz, pattern, weights: target += matrix x slot */
    SCALE,     /* dim, slot, weights */
    CLOSE,     /* dim, weights, output row or -1: sum the dim away */
    WIDEN      /* dim, new size, old size: further slots, still empty */
};

typedef struct {
    const int32_t *pat;
    const double *w;
    size_t lanes, stride;
} Ctx;

static size_t cells(const Shape *s) {
    size_t total = 1;
    for (int i = 0; i < s->n; i++) total *= (size_t)s->size[i];
    return total;
}

static int find_dim(const Shape *s, int id) {
    for (int i = 0; i < s->n; i++)
        if (s->id[i] == id) return i;
    return -1;
}

/* ---- loops over blocks: `outer` x `mid` runs of `run` doubles that lie `so` and `sm` apart ---- */

typedef struct {
    size_t outer, so, mid, sm, run;
} Grid;

#define FOR_RUNS(...)                                                      \
    for (size_t o = 0; o < g.outer; o++)                                   \
        for (size_t m = 0; m < g.mid; m++) {                               \
            const size_t at = o * g.so + m * g.sm;                         \
            __VA_ARGS__                                                    \
        }

#define BY_LENGTH(CALL)                                                    \
    switch (g.run) {                                                       \
    case 1: CALL(1) break;                                                 \
    case 2: CALL(2) break;                                                 \
    case 4: CALL(4) break;                                                 \
    case 8: CALL(8) break;                                                 \
    default: CALL(g.run) break;                                            \
    }

/* y += w x, or y = w y: one weight a lane */
static void axpy(double *restrict y, const double *restrict x, const double *w, Grid g, size_t lanes) {
    if (lanes == 1) {
        const double a = w[0];
#define ONE(N) FOR_RUNS(for (size_t c = 0; c < (N); c++) y[at + c] += a * x[at + c];)
        BY_LENGTH(ONE)
#undef ONE
    } else if (lanes == 8) {
        FOR_RUNS(for (size_t c = 0; c < g.run; c += 8)
                     for (int l = 0; l < 8; l++) y[at + c + l] += w[l] * x[at + c + l];)
    } else {
        FOR_RUNS(for (size_t c = 0; c < g.run; c += lanes)
                     for (size_t l = 0; l < lanes; l++) y[at + c + l] += w[l] * x[at + c + l];)
    }
}

static void scale(double *restrict y, const double *w, Grid g, size_t lanes) {
    if (lanes == 1) {
        const double a = w[0];
#define ONE(N) FOR_RUNS(for (size_t c = 0; c < (N); c++) y[at + c] *= a;)
        BY_LENGTH(ONE)
#undef ONE
    } else if (lanes == 8) {
        FOR_RUNS(for (size_t c = 0; c < g.run; c += 8)
                     for (int l = 0; l < 8; l++) y[at + c + l] *= w[l];)
    } else {
        FOR_RUNS(for (size_t c = 0; c < g.run; c += lanes)
                     for (size_t l = 0; l < lanes; l++) y[at + c + l] *= w[l];)
    }
}

/* y = w x over `count` doubles, which do not overlap unless they are the same */
static void multiply(double *y, const double *x, const double *w, size_t count, size_t lanes) {
    if (lanes == 1) {
        const double a = w[0];
#pragma GCC ivdep
        for (size_t c = 0; c < count; c++) y[c] = a * x[c];
    } else if (lanes == 8) {
        for (size_t c = 0; c < count; c += 8)
#pragma GCC ivdep
            for (int l = 0; l < 8; l++) y[c + l] = w[l] * x[c + l];
    } else {
        for (size_t c = 0; c < count; c += lanes)
            for (size_t l = 0; l < lanes; l++) y[c + l] = w[l] * x[c + l];
    }
}

/* Two-state accumulator, M = [[a, q], [0, b]]: by far the commonest, done in one pass. */
static void pair(double *restrict x0, double *restrict x1, const double *w, Grid g, size_t lanes,
                 size_t stride, int transposed) {
    if (lanes == 1) {
        const double a = w[0], q = w[stride], b = w[2 * stride];
        if (transposed) {
#define ONE(N)                                                             \
    FOR_RUNS(for (size_t c = 0; c < (N); c++) {                            \
        const double u = x0[at + c], v = x1[at + c];                       \
        x0[at + c] = a * u + q * v;                                        \
        x1[at + c] = b * v;                                                \
    })
            BY_LENGTH(ONE)
#undef ONE
        } else {
#define ONE(N)                                                             \
    FOR_RUNS(for (size_t c = 0; c < (N); c++) {                            \
        const double u = x0[at + c], v = x1[at + c];                       \
        x1[at + c] = q * u + b * v;                                        \
        x0[at + c] = a * u;                                                \
    })
            BY_LENGTH(ONE)
#undef ONE
        }
        return;
    }
    const double *a = w, *q = w + stride, *b = w + 2 * stride;
    const size_t step = lanes == 8 ? 8 : lanes;
    if (transposed) {
        FOR_RUNS(for (size_t c = 0; c < g.run; c += step)
                     for (size_t l = 0; l < step; l++) {
                         const double u = x0[at + c + l], v = x1[at + c + l];
                         x0[at + c + l] = a[l] * u + q[l] * v;
                         x1[at + c + l] = b[l] * v;
                     })
    } else if (lanes == 8) {
        FOR_RUNS(for (size_t c = 0; c < g.run; c += 8)
                     for (int l = 0; l < 8; l++) {
                         const double u = x0[at + c + l], v = x1[at + c + l];
                         x1[at + c + l] = q[l] * u + b[l] * v;
                         x0[at + c + l] = a[l] * u;
                     })
    } else {
        FOR_RUNS(for (size_t c = 0; c < g.run; c += step)
                     for (size_t l = 0; l < step; l++) {
                         const double u = x0[at + c + l], v = x1[at + c + l];
                         x1[at + c + l] = q[l] * u + b[l] * v;
                         x0[at + c + l] = a[l] * u;
                     })
    }
}

/* The grid of one slot of the dim at `pv`, apart from the dim at `pd`; strides of both dims.
 * With pv < 0 there is no slot: the whole tensor apart from the dim at `pd`. */
static Grid grid_of(const Shape *s, int pv, int pd, size_t lanes, size_t *step_v, size_t *step_d) {
    Grid g;
    if (pv < 0) {
        g.run = product(s, pd + 1, s->n) * lanes;
        g.mid = product(s, 0, pd);
        g.sm = g.run * (size_t)s->size[pd];
        g.outer = 1;
        g.so = 0;
        *step_v = 0;
        *step_d = g.run;
        return g;
    }
    int hi = pv < pd ? pv : pd, lo = pv < pd ? pd : pv;
    size_t inner = product(s, lo + 1, s->n) * lanes;
    g.run = inner;
    g.mid = product(s, hi + 1, lo);
    g.sm = inner * (size_t)s->size[lo];
    g.outer = product(s, 0, hi);
    g.so = g.mid * g.sm * (size_t)s->size[hi];
    size_t step_lo = inner, step_hi = g.mid * g.sm;
    *step_v = pv == hi ? step_hi : step_lo;
    *step_d = pd == hi ? step_hi : step_lo;
    return g;
}

/* x <- M x or M' x along one dim; M upper triangular, entries (i, j) sorted by j, then i. */
static void matrix(double *x, Grid g, size_t step, int size, int nnz, const int32_t *pat,
                   const double *w, size_t lanes, size_t stride, int transposed) {
    if (size == 2 && nnz == 3) {
        pair(x, x + step, w, g, lanes, stride, transposed);
        return;
    }
    if (!transposed) {
        /* highest target first; its diagonal entry, when there is one, is the last of its row */
        for (int e = nnz - 1; e >= 0;) {
            int j = pat[2 * e + 1];
            double *y = x + (size_t)j * step;
            if (pat[2 * e] == j) {
                scale(y, w + (size_t)e * stride, g, lanes);
                e--;
            } else {
                FOR_RUNS(memset(y + at, 0, g.run * sizeof(double));)
            }
            for (; e >= 0 && pat[2 * e + 1] == j; e--)
                axpy(y, x + (size_t)pat[2 * e] * step, w + (size_t)e * stride, g, lanes);
        }
        return;
    }
    for (int i = 0; i < size; i++) {
        double *y = x + (size_t)i * step;
        int diagonal = -1, any = 0;
        for (int e = 0; e < nnz; e++)
            if (pat[2 * e] == i || pat[2 * e + 1] == i) {
                any = 1;
                if (pat[2 * e] == i && pat[2 * e + 1] == i) diagonal = e;
            }
        if (!any) continue;
        if (diagonal >= 0)
            scale(y, w + (size_t)diagonal * stride, g, lanes);
        else
            FOR_RUNS(memset(y + at, 0, g.run * sizeof(double));)
        for (int e = 0; e < nnz; e++)
            if (pat[2 * e] == i && pat[2 * e + 1] != i)
                axpy(y, x + (size_t)pat[2 * e + 1] * step, w + (size_t)e * stride, g, lanes);
    }
}

static void led(double *x, const Shape *s, const int32_t *p, const Ctx *c, int transposed) {
    size_t none, step;
    int at = find_dim(s, p[7]);
    Grid g = grid_of(s, -1, at, c->lanes, &none, &step);
    matrix(x, g, step, s->size[at], p[4], c->pat + 2 * p[5], c->w + (size_t)p[6] * c->stride, c->lanes,
           c->stride, transposed);
}

static void run_open(double *x, Shape *s, const int32_t *p, const Ctx *c) {
    size_t L = c->lanes, count = cells(s) * L;
    const double *w = c->w + (size_t)p[3] * c->stride;
    int K = p[2];
    if (K > 1) {
        double *first = x + count;
        if (p[0] == OPEN_LED) {
            memcpy(first, x, count * sizeof(double));
            led(first, s, p, c, 0);
            for (int k = K - 1; k > 0; k--) multiply(x + k * count, first, w + k * c->stride, count, L);
        } else {
            for (int k = 1; k < K; k++) multiply(x + k * count, x, w + k * c->stride, count, L);
        }
    }
    multiply(x, x, w, count, L);
    insert_dim(s, 0, p[1], K);
}

static void undo_open(double *x, Shape *s, const int32_t *p, const Ctx *c) {
    size_t L = c->lanes;
    remove_dim(s, 0);
    size_t count = cells(s) * L;
    const double *w = c->w + (size_t)p[3] * c->stride;
    Grid g = {1, 0, 1, 0, count};
    int K = p[2];
    multiply(x, x, w, count, L);
    if (p[0] == OPEN_LED) {
        double *first = x + count;
        multiply(first, first, w + c->stride, count, L);
        for (int k = 2; k < K; k++) axpy(first, x + k * count, w + k * c->stride, g, L);
        led(first, s, p, c, 1);
        for (size_t i = 0; i < count; i++) x[i] += first[i];
    } else {
        for (int k = 1; k < K; k++) axpy(x, x + k * count, w + k * c->stride, g, L);
    }
}

static void run_close(double *x, Shape *s, const int32_t *p, const Ctx *c) {
    size_t L = c->lanes;
    int at = find_dim(s, p[1]), K = s->size[at];
    size_t outer = product(s, 0, at), run = product(s, at + 1, s->n) * L;
    const double *w = c->w + (size_t)p[2] * c->stride;
    remove_dim(s, at);
    if (L == 1 && K == 2 && run <= 8) {
        const double a = w[0], b = w[c->stride];
#define ONE(N)                                                             \
    for (size_t o = 0; o < outer; o++)                                     \
        for (size_t i = 0; i < (N); i++)                                   \
            x[o * (N) + i] = a * x[2 * o * (N) + i] + b * x[(2 * o + 1) * (N) + i];
        Grid g = {1, 0, 1, 0, run};
        BY_LENGTH(ONE)
#undef ONE
        return;
    }
    Grid g = {1, 0, 1, 0, run};
    for (size_t o = 0; o < outer; o++) { /* what is written was read before, or is being read */
        const double *from = x + o * (size_t)K * run;
        double *to = x + o * run;
        multiply(to, from, w, run, L);
        for (int k = 1; k < K; k++) axpy(to, from + (size_t)k * run, w + k * c->stride, g, L);
    }
}

/* The shape `wide` is that before the dim was closed. */
static void undo_close(double *x, Shape *s, const Shape *wide, const int32_t *p, const Ctx *c) {
    size_t L = c->lanes;
    *s = *wide;
    int at = find_dim(s, p[1]), K = s->size[at];
    size_t outer = product(s, 0, at), run = product(s, at + 1, s->n) * L;
    const double *w = c->w + (size_t)p[2] * c->stride;
    if (L == 1 && K == 2 && run <= 8) {
        const double a = w[0], b = w[c->stride];
#define ONE(N)                                                             \
    for (size_t o = outer; o-- > 0;)                                       \
        for (size_t i = 0; i < (N); i++) {                                 \
            const double v = x[o * (N) + i];                               \
            x[(2 * o + 1) * (N) + i] = b * v;                              \
            x[2 * o * (N) + i] = a * v;                                    \
        }
        Grid g = {1, 0, 1, 0, run};
        BY_LENGTH(ONE)
#undef ONE
        return;
    }
    for (size_t o = outer; o-- > 0;) {
        const double *from = x + o * run;
        double *to = x + o * (size_t)K * run;
        for (int k = K - 1; k >= 0; k--) multiply(to + k * run, from, w + k * c->stride, run, L);
    }
}

static void run_widen(double *x, Shape *s, const int32_t *p, const Ctx *c, int back) {
    int at = find_dim(s, p[1]);
    size_t outer = product(s, 0, at), run = product(s, at + 1, s->n) * c->lanes;
    size_t wide = run * (size_t)p[2], narrow = run * (size_t)p[3];
    if (back)
        for (size_t o = 1; o < outer; o++)
            memmove(x + o * narrow, x + o * wide, narrow * sizeof(double));
    else
        for (size_t o = outer; o-- > 0;) {
            memmove(x + o * wide, x + o * narrow, narrow * sizeof(double));
            memset(x + o * wide + narrow, 0, (wide - narrow) * sizeof(double));
        }
    s->size[at] = back ? p[3] : p[2];
}

static void run_inner(double *x, const Shape *s, const int32_t *p, const Ctx *c, int transposed) {
    size_t L = c->lanes, step_v, step_d;
    int pv = find_dim(s, p[1]);
    if (p[0] == SCALE) {
        Grid g = grid_of(s, -1, pv, L, &step_v, &step_d);
        scale(x + (size_t)p[2] * step_d, c->w + (size_t)p[3] * c->stride, g, L);
    } else if (p[0] == APPLY) {
        int pd = find_dim(s, p[3]);
        Grid g = grid_of(s, pv, pd, L, &step_v, &step_d);
        matrix(x + (size_t)p[2] * step_v, g, step_d, s->size[pd], p[4], c->pat + 2 * p[5],
               c->w + (size_t)p[6] * c->stride, L, c->stride, transposed);
    } else { /* ADD */
        int pd = find_dim(s, p[4]);
        Grid g = grid_of(s, pv, pd, L, &step_v, &step_d);
        const int32_t *pat = c->pat + 2 * p[6];
        const double *w = c->w + (size_t)p[7] * c->stride;
        double *low = x + (size_t)p[2] * step_v, *high = x + (size_t)p[3] * step_v;
        for (int e = 0; e < p[5]; e++) {
            size_t i = (size_t)pat[2 * e] * step_d, j = (size_t)pat[2 * e + 1] * step_d;
            if (transposed)
                axpy(low + i, high + j, w + (size_t)e * c->stride, g, L);
            else
                axpy(high + j, low + i, w + (size_t)e * c->stride, g, L);
        }
    }
}

static void run_one(double *x, Shape *s, const int32_t *p, const Ctx *c) {
    if (p[0] == OPEN || p[0] == OPEN_LED)
        run_open(x, s, p, c);
    else if (p[0] == CLOSE)
        run_close(x, s, p, c);
    else if (p[0] == WIDEN)
        run_widen(x, s, p, c, 0);
    else
        run_inner(x, s, p, c, 0);
}

/* out[k, l] = sum over the other dims of alpha x beta, where beta was just expanded by CLOSE */
static void tell(const double *alpha, const double *beta, const Shape *s, int dim, double *out,
                 size_t L) {
    int at = find_dim(s, dim), K = s->size[at];
    size_t outer = product(s, 0, at), run = product(s, at + 1, s->n) * L;
    for (int k = 0; k < K; k++) {
        double sum[8] = {0};
        for (size_t o = 0; o < outer; o++) {
            const double *a = alpha + (o * (size_t)K + (size_t)k) * run;
            const double *b = beta + (o * (size_t)K + (size_t)k) * run;
            size_t i = 0;
            if (L == 1 || L == 8)
                for (; i + 8 <= run; i += 8)
                    for (int l = 0; l < 8; l++) sum[l] += a[i + l] * b[i + l];
            for (; i < run; i++) out[(size_t)k * L + i % L] += a[i] * b[i];
        }
        for (int l = 0; l < 8; l++) out[(size_t)k * L + (L == 8 ? (size_t)l : 0)] += sum[l];
    }
}

/* What a program needs while it runs. Blocks of lanes run one after another in the same memory: asking for it
 * anew, and touching it for the first time, takes longer than many a sweep.
 *
 * The way back needs the tensor before each told CLOSE. Where all of them are too much to be held the program is
 * parted: at each mark the tensor is kept, from which the part that begins there is run again on the way back. */
typedef struct {
    double *x, *y; /* the tensor; that of a part that is run again, when there is one */
    size_t widest;
    Shape *wide;      /* before each CLOSE */
    size_t *place;    /* where in `kept` the tensor before each told CLOSE lies */
    double *kept;     /* of one part at a time */
    int32_t parts;
    int32_t *begin;   /* the first record of each part */
    Shape *shape;     /* there */
    double **mark;    /* the tensor there */
} Work;

static void free_work(Work *k) {
    for (int32_t i = 0; k->mark && i < k->parts; i++) free(k->mark[i]);
    free(k->x);
    free(k->y);
    free(k->wide);
    free(k->place);
    free(k->kept);
    free(k->begin);
    free(k->shape);
    free(k->mark);
}

/* Parts a program so that no part has more than `most` doubles to keep, unless one tensor alone is more, and the
 * marks between the parts are as small as can be: they lie behind a CLOSE. Returns 0, or 1 without memory. */
static int part_program(Work *k, const int32_t *program, int32_t n, size_t lanes, size_t most) {
    int32_t m = 0;
    for (int32_t i = 0; i < n; i++) m += program[(size_t)i * WORDS] == CLOSE;
    const size_t count = (size_t)m + 1;
    int32_t *at = malloc(count * sizeof(int32_t));    /* the record behind the c-th CLOSE */
    int32_t *from = malloc(count * sizeof(int32_t));  /* the CLOSE behind which the part before it begins */
    size_t *sum = malloc(count * sizeof(size_t));     /* doubles to keep up to it */
    size_t *left = malloc(count * sizeof(size_t));    /* cells behind it */
    size_t *least = malloc(count * sizeof(size_t));   /* all marks up to one behind it */
    int failed = !at || !from || !sum || !left || !least;
    Shape s = {0};
    if (!failed) {
        int32_t c = 0;
        at[0] = from[0] = 0;
        sum[0] = least[0] = 0;
        left[0] = lanes;
        for (int32_t i = 0; i < n; i++) {
            const int32_t *p = program + (size_t)i * WORDS;
            if (p[0] == OPEN || p[0] == OPEN_LED) insert_dim(&s, 0, p[1], p[2]);
            if (p[0] == WIDEN) s.size[find_dim(&s, p[1])] = p[2];
            if (p[0] != CLOSE) continue;
            sum[c + 1] = sum[c] + (p[3] >= 0 ? cells(&s) * lanes : 0);
            remove_dim(&s, find_dim(&s, p[1]));
            c++;
            at[c] = i + 1;
            left[c] = cells(&s) * lanes;
            from[c] = c - 1; /* nearer beginnings first: the way back runs as little as can be again */
            for (int32_t a = c - 1; a >= 0 && (a == c - 1 || sum[c] - sum[a] <= most); a--)
                if (least[a] < least[from[c]]) from[c] = a;
            least[c] = least[from[c]] + left[c];
        }
        k->parts = m ? 0 : 1;
        for (c = m; c > 0; c = from[c]) k->parts++;
        k->begin = calloc((size_t)k->parts, sizeof(int32_t));
        k->shape = calloc((size_t)k->parts, sizeof(Shape));
        k->mark = calloc((size_t)k->parts, sizeof(double *));
        failed = !k->begin || !k->shape || !k->mark;
    }
    if (!failed) {
        size_t largest = 0;
        int32_t part = k->parts - 1;
        for (int32_t c = m; c > 0; c = from[c], part--) {
            const int32_t a = from[c];
            k->begin[part] = at[a];
            if (part) failed |= !(k->mark[part] = malloc(left[a] * sizeof(double)));
            for (int32_t b = a + 1; b <= c; b++) k->place[at[b] - 1] = sum[b - 1] - sum[a];
            if (sum[c] - sum[a] > largest) largest = sum[c] - sum[a];
        }
        failed |= !(k->kept = malloc((largest + 8) * sizeof(double)));
    }
    free(at);
    free(from);
    free(sum);
    free(left);
    free(least);
    return failed;
}

/* Returns 0, or 1 where there is no memory; to be given to `free_work` in both cases. */
static int make_work(Work *k, const int32_t *program, int32_t n, int64_t widest, int64_t memory_limit,
                     size_t lanes, int back) {
    const size_t count = (size_t)n + 1;
    k->widest = (size_t)widest * lanes;
    k->x = malloc(k->widest * sizeof(double) + 64);
    k->wide = calloc(count, sizeof(Shape));
    k->place = calloc(count, sizeof(size_t));
    if (!k->x || !k->wide || !k->place) return 1;
    return back ? part_program(k, program, n, lanes, (size_t)memory_limit / sizeof(double)) : 0;
}

static int sweep(Work *k, const int32_t *program, int32_t n, const int32_t *patterns, const double *weights,
                 int32_t lanes, int32_t stride, double *out_z, double *out_levels, int32_t top) {
    Ctx c = {patterns, weights, (size_t)lanes, (size_t)stride};
    const size_t L = (size_t)lanes;
    const int32_t last = out_levels ? k->parts - 1 : 0;
    Shape s = {0};
    double *x = k->x;
    for (size_t l = 0; l < L; l++) x[l] = 1.0;
    int32_t part = 0;
    for (int32_t i = 0; i < n; i++) {
        const int32_t *p = program + (size_t)i * WORDS;
        if (part < last && i == k->begin[part + 1]) {
            part++;
            k->shape[part] = s;
            memcpy(k->mark[part], x, cells(&s) * L * sizeof(double));
        }
        if (p[0] == CLOSE) {
            k->wide[i] = s;
            if (out_levels && p[3] >= 0 && part == last)
                memcpy(k->kept + k->place[i], x, cells(&s) * L * sizeof(double));
        }
        run_one(x, &s, p, &c);
    }
    memcpy(out_z, x, L * sizeof(double));
    if (!out_levels) return 0;
    for (size_t l = 0; l < L; l++) x[l] = 1.0;
    for (int32_t i = n - 1; i >= 0; i--) {
        const int32_t *p = program + (size_t)i * WORDS;
        if (part && i < k->begin[part]) { /* into the part before, which is run once more */
            part--;
            if (!k->y && !(k->y = malloc(k->widest * sizeof(double) + 64))) return 1;
            Shape t = {0};
            if (part) {
                t = k->shape[part];
                memcpy(k->y, k->mark[part], cells(&t) * L * sizeof(double));
            } else {
                for (size_t l = 0; l < L; l++) k->y[l] = 1.0;
            }
            for (int32_t j = k->begin[part]; j <= i; j++) {
                const int32_t *q = program + (size_t)j * WORDS;
                if (q[0] == CLOSE && q[3] >= 0)
                    memcpy(k->kept + k->place[j], k->y, cells(&t) * L * sizeof(double));
                if (j < i) run_one(k->y, &t, q, &c);
            }
        }
        if (p[0] == OPEN || p[0] == OPEN_LED) {
            undo_open(x, &s, p, &c);
        } else if (p[0] == CLOSE) {
            undo_close(x, &s, &k->wide[i], p, &c);
            if (p[3] >= 0)
                tell(k->kept + k->place[i], x, &s, p[1], out_levels + (size_t)p[3] * (size_t)top * L, L);
        } else if (p[0] == WIDEN) {
            run_widen(x, &s, p, &c, 1);
        } else {
            run_inner(x, &s, p, &c, 1);
        }
    }
    return 0;
}

/* Runs a program of `n` records.
 * weights: rows of `lanes` numbers, `stride` apart. out_z: (lanes,) the probability of the evidence. out_levels:
 * (rows, top, lanes), zeroed, or NULL for the forward sweep alone. Returns 0, or 1 where memory ran out. */
int stillwell_sweep(const int32_t *program, int32_t n, const int32_t *patterns, const double *weights,
                    int32_t lanes, int32_t stride, int64_t widest, int64_t memory_limit, double *out_z,
                    double *out_levels, int32_t top) {
    Work k = {0};
    int failed = make_work(&k, program, n, widest, memory_limit, (size_t)lanes, out_levels != NULL);
    if (!failed) failed = sweep(&k, program, n, patterns, weights, lanes, stride, out_z, out_levels, top);
    free_work(&k);
    return failed;
}

#define BLOCK 8

/* Puts the levels of a block's first `here` lanes in their place among all: (cells, total). */
static void put_levels(double *all, const double *block, size_t cells_out, size_t total, size_t start, size_t here) {
    for (size_t k = 0; k < cells_out; k++)
        memcpy(all + k * total + start, block + k * BLOCK, here * sizeof(double));
}

/* Runs a program over the lanes `first` to `last` of `total`, eight at a time; at least eight are asked for. The
 * last block begins earlier where it would not be full: its lanes come out the same again.
 * out_z: (total,). out_levels: (told, top, total), or NULL. Returns 0, or 1 where memory ran out. */
int stillwell_sweep_lanes(const int32_t *program, int32_t n, const int32_t *patterns, const double *weights,
                          int32_t first, int32_t last, int32_t total, int64_t widest, int64_t memory_limit,
                          double *out_z, double *out_levels, int32_t told, int32_t top) {
    const size_t cells_out = (size_t)told * (size_t)top;
    double *levels = malloc(cells_out * BLOCK * sizeof(double) + 64);
    Work k = {0};
    int failed = make_work(&k, program, n, widest, memory_limit, BLOCK, out_levels != NULL) || !levels;
    for (int32_t next = first; next < last && !failed; next += BLOCK) {
        const int32_t start = next + BLOCK <= last ? next : last - BLOCK;
        if (out_levels) memset(levels, 0, cells_out * BLOCK * sizeof(double));
        failed = sweep(&k, program, n, patterns, weights + start, BLOCK, total, out_z + start,
                       out_levels ? levels : NULL, top);
        if (!failed && out_levels) put_levels(out_levels, levels, cells_out, (size_t)total, (size_t)start, BLOCK);
    }
    free_work(&k);
    free(levels);
    return failed;
}

/* Runs a program for any number of people, eight at a time. Most weights are the same for all of them:
 * fixed: (n_weights,) one value a weight; those listed in `rows` differ, varying: (n_rows, people).
 * out_z: (people,). out_levels: (told, top, people), or NULL. What each person gets does not depend on who
 * else is there. Returns 0, or 1 where memory ran out. */
int stillwell_sweep_people(const int32_t *program, int32_t n, const int32_t *patterns, const double *fixed,
                           int64_t n_weights, const int32_t *rows, int32_t n_rows, const double *varying,
                           int64_t people, int64_t widest, int64_t memory_limit, double *out_z,
                           double *out_levels, int32_t told, int32_t top) {
    const size_t cells_out = (size_t)told * (size_t)top;
    double *w = malloc((size_t)n_weights * BLOCK * sizeof(double) + 64);
    double *levels = malloc(cells_out * BLOCK * sizeof(double) + 64);
    double z[BLOCK];
    Work k = {0};
    int failed = make_work(&k, program, n, widest, memory_limit, BLOCK, out_levels != NULL) || !w || !levels;
    if (!failed)
        for (int64_t i = 0; i < n_weights; i++)
            for (int l = 0; l < BLOCK; l++) w[i * BLOCK + l] = fixed[i];
    for (int64_t start = 0; start < people && !failed; start += BLOCK) {
        const int64_t here = people - start < BLOCK ? people - start : BLOCK;
        for (int32_t r = 0; r < n_rows; r++) {
            const double *from = varying + (int64_t)r * people + start;
            double *to = w + (int64_t)rows[r] * BLOCK;
            for (int64_t l = 0; l < BLOCK; l++) to[l] = from[l < here ? l : 0];
        }
        if (out_levels) memset(levels, 0, cells_out * BLOCK * sizeof(double));
        failed = sweep(&k, program, n, patterns, w, BLOCK, BLOCK, z, out_levels ? levels : NULL, top);
        if (failed) break;
        for (int64_t l = 0; l < here; l++) out_z[start + l] = z[l];
        if (out_levels) put_levels(out_levels, levels, cells_out, (size_t)people, (size_t)start, (size_t)here);
    }
    free(w);
    free_work(&k);
    free(levels);
    return failed;
}

static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_sweep",
                                    "Sweep kernel, called through ctypes.", -1, methods,
                                    NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__sweep(void) { return PyModule_Create(&module); }
