/* Sweep over the variables of a noisy-OR / noisy-MAX network, carrying the distribution over the
 * accumulators now open. All terms are non-negative, so nothing cancels. Knows arrays, not medicine.
 *
 * A tensor is stored with the accumulators ("dims") from outermost to innermost and the lanes of the
 * batch as the innermost axis. The program is a list of integers written by program.py. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DIMS 64

typedef struct {
    int n;
    int id[MAX_DIMS];
    int size[MAX_DIMS];
} Shape;

static size_t shape_size(const Shape *s) {
    size_t total = 1;
    for (int i = 0; i < s->n; i++) total *= (size_t)s->size[i];
    return total;
}

static int find_dim(const Shape *s, int id) {
    for (int i = 0; i < s->n; i++)
        if (s->id[i] == id) return i;
    return -1;
}

static void split(const Shape *s, int at, size_t *outer, size_t *inner) {
    *outer = 1;
    *inner = 1;
    for (int i = 0; i < at; i++) *outer *= (size_t)s->size[i];
    for (int i = at + 1; i < s->n; i++) *inner *= (size_t)s->size[i];
}

static Shape without(const Shape *s, int at) {
    Shape r = *s;
    for (int i = at; i + 1 < s->n; i++) {
        r.id[i] = s->id[i + 1];
        r.size[i] = s->size[i + 1];
    }
    r.n--;
    return r;
}

/* y += or = sum of w * x over `count` cells of `lanes` lanes each */
static inline void axpy(double *restrict y, const double *restrict x, const double *restrict w,
                        size_t count, int lanes) {
    if (lanes == 8) {
        for (size_t c = 0; c < count; c++)
            for (int l = 0; l < 8; l++) y[c * 8 + l] += w[l] * x[c * 8 + l];
    } else if (lanes == 1) {
        const double a = w[0];
        for (size_t c = 0; c < count; c++) y[c] += a * x[c];
    } else {
        for (size_t c = 0; c < count; c++)
            for (int l = 0; l < lanes; l++) y[c * lanes + l] += w[l] * x[c * lanes + l];
    }
}

static inline void scale(double *restrict y, const double *restrict w, size_t count, int lanes) {
    if (lanes == 8) {
        for (size_t c = 0; c < count; c++)
            for (int l = 0; l < 8; l++) y[c * 8 + l] *= w[l];
    } else if (lanes == 1) {
        const double a = w[0];
        for (size_t c = 0; c < count; c++) y[c] *= a;
    } else {
        for (size_t c = 0; c < count; c++)
            for (int l = 0; l < lanes; l++) y[c * lanes + l] *= w[l];
    }
}

/* The same with a short inner block of constant length, so that the compiler keeps it in registers. */
#define SHORT_BLOCK(N)                                                                     \
    static void apply2_##N(double *restrict x, double va, double vq, double vb,            \
                           size_t outer, int transposed) {                                 \
        if (transposed)                                                                    \
            for (size_t o = 0; o < outer; o++, x += 2 * N)                                 \
                for (int c = 0; c < N; c++) {                                              \
                    const double x0 = x[c], x1 = x[c + N];                                 \
                    x[c] = va * x0 + vq * x1;                                              \
                    x[c + N] = vb * x1;                                                    \
                }                                                                          \
        else                                                                               \
            for (size_t o = 0; o < outer; o++, x += 2 * N)                                 \
                for (int c = 0; c < N; c++) {                                              \
                    const double x0 = x[c], x1 = x[c + N];                                 \
                    x[c + N] = vq * x0 + vb * x1;                                          \
                    x[c] = va * x0;                                                        \
                }                                                                          \
    }
SHORT_BLOCK(1)
SHORT_BLOCK(2)
SHORT_BLOCK(4)
SHORT_BLOCK(8)

/* Two-state accumulator with M = [[a, q], [0, b]]: by far the commonest, so it has its own loop. */
static void apply2(double *x, const double *a, const double *q, const double *b, size_t outer,
                   size_t inner, int lanes, int transposed) {
    size_t block = inner * (size_t)lanes;
    if (lanes == 1) {
        const double va = a[0], vq = q[0], vb = b[0];
        switch (block) {
        case 1: apply2_1(x, va, vq, vb, outer, transposed); return;
        case 2: apply2_2(x, va, vq, vb, outer, transposed); return;
        case 4: apply2_4(x, va, vq, vb, outer, transposed); return;
        case 8: apply2_8(x, va, vq, vb, outer, transposed); return;
        default: break;
        }
        for (size_t o = 0; o < outer; o++) {
            double *restrict x0 = x + o * 2 * block;
            double *restrict x1 = x0 + block;
            if (transposed)
                for (size_t c = 0; c < block; c++) {
                    x0[c] = va * x0[c] + vq * x1[c];
                    x1[c] = vb * x1[c];
                }
            else
                for (size_t c = 0; c < block; c++) {
                    x1[c] = vq * x0[c] + vb * x1[c];
                    x0[c] = va * x0[c];
                }
        }
        return;
    }
    for (size_t o = 0; o < outer; o++) {
        double *restrict x0 = x + o * 2 * block;
        double *restrict x1 = x0 + block;
        for (size_t c = 0; c < inner; c++, x0 += lanes, x1 += lanes) {
            if (lanes == 8) {
                if (transposed)
                    for (int l = 0; l < 8; l++) {
                        x0[l] = a[l] * x0[l] + q[l] * x1[l];
                        x1[l] = b[l] * x1[l];
                    }
                else
                    for (int l = 0; l < 8; l++) {
                        x1[l] = q[l] * x0[l] + b[l] * x1[l];
                        x0[l] = a[l] * x0[l];
                    }
            } else {
                for (int l = 0; l < lanes; l++) {
                    if (transposed) {
                        x0[l] = a[l] * x0[l] + q[l] * x1[l];
                        x1[l] = b[l] * x1[l];
                    } else {
                        x1[l] = q[l] * x0[l] + b[l] * x1[l];
                        x0[l] = a[l] * x0[l];
                    }
                }
            }
        }
    }
}

/* In-place x <- M x (or M' x) along one dim; M upper triangular, entries (i, j) sorted by j then i. */
static void apply(double *x, const Shape *s, int at, int nnz, const int32_t *pat, const double *w,
                  int lanes, int transposed) {
    size_t outer, inner;
    split(s, at, &outer, &inner);
    int K = s->size[at];
    if (K == 2 && nnz == 3) {
        apply2(x, w, w + lanes, w + 2 * lanes, outer, inner, lanes, transposed);
        return;
    }
    size_t block = inner * (size_t)lanes;
    for (size_t o = 0; o < outer; o++) {
        double *base = x + o * (size_t)K * block;
        if (!transposed) {
            /* highest target first; its diagonal entry, when there is one, is the last of the row */
            for (int e = nnz - 1; e >= 0;) {
                int j = pat[2 * e + 1];
                double *y = base + (size_t)j * block;
                if (pat[2 * e] == j) {
                    scale(y, w + (size_t)e * lanes, inner, lanes);
                    e--;
                } else {
                    memset(y, 0, block * sizeof(double));
                }
                for (; e >= 0 && pat[2 * e + 1] == j; e--)
                    axpy(y, base + (size_t)pat[2 * e] * block, w + (size_t)e * lanes, inner, lanes);
            }
        } else {
            for (int i = 0; i < K; i++) {
                double *y = base + (size_t)i * block;
                int diagonal = -1;
                for (int e = 0; e < nnz; e++)
                    if (pat[2 * e] == i && pat[2 * e + 1] == i) diagonal = e;
                if (diagonal >= 0)
                    scale(y, w + (size_t)diagonal * lanes, inner, lanes);
                else
                    memset(y, 0, block * sizeof(double));
                for (int e = 0; e < nnz; e++)
                    if (pat[2 * e] == i && pat[2 * e + 1] != i)
                        axpy(y, base + (size_t)pat[2 * e + 1] * block, w + (size_t)e * lanes, inner,
                             lanes);
            }
        }
    }
}

/* y += factor * (H x) (or H') out of place */
static void apply_add(double *y, const double *x, const Shape *s, int at, int nnz,
                      const int32_t *pat, const double *w, const double *factor, int lanes,
                      int transposed) {
    size_t outer, inner;
    split(s, at, &outer, &inner);
    int K = s->size[at];
    size_t block = inner * (size_t)lanes;
    double coefficient[64];
    for (int e = 0; e < nnz; e++) {
        int from = transposed ? pat[2 * e + 1] : pat[2 * e];
        int to = transposed ? pat[2 * e] : pat[2 * e + 1];
        for (int l = 0; l < lanes; l++) coefficient[l] = w[(size_t)e * lanes + l] * factor[l];
        for (size_t o = 0; o < outer; o++)
            axpy(y + (o * K + to) * block, x + (o * K + from) * block, coefficient, inner, lanes);
    }
}

typedef struct {
    const int32_t *pat;
    const double *w;
    int lanes;
    int course_dim;
} Ctx;

typedef struct {
    const int32_t *open;   /* n_open records of 6: dim, K, coupled, w, course_nnz... */
    int n_open;
    int var_dim, n_states;
    const int32_t *states; /* walks */
    const int32_t *close;
    int n_close;
} Step;

/* open record: dim, K, coupled, w_off, course_nnz, course_pat, course_w */
#define OPEN_LEN 7
/* plain edge: dim, nnz, pat, w ; complaint edge: dim, nnzM, patM, wM, nnzH, patH, wH, wStay */
#define PLAIN_LEN 4
#define COMP_LEN 8

static const int32_t *state_end(const int32_t *p) {
    /* w, n_plain, plain..., n_comp, comp..., course_nnz, course_pat, course_w */
    p += 1;
    int n = *p++;
    p += n * PLAIN_LEN;
    n = *p++;
    p += n * COMP_LEN;
    return p + 3;
}

static const int32_t *read_step(const int32_t *p, Step *s) {
    s->n_open = *p++;
    s->open = p;
    p += s->n_open * OPEN_LEN;
    s->var_dim = *p++;
    s->n_states = *p++;
    s->states = p;
    for (int i = 0; i < s->n_states; i++) p = state_end(p);
    s->n_close = *p++;
    s->close = p;
    p += s->n_close * 2;
    return p;
}

static void course_forward(double *x, const Shape *s, int nnz, int pat, int w, const Ctx *c) {
    if (nnz) apply(x, s, find_dim(s, c->course_dim), nnz, c->pat + 2 * pat,
                   c->w + (size_t)w * c->lanes, c->lanes, 0);
}

static void course_backward(double *x, const Shape *s, int nnz, int pat, int w, const Ctx *c) {
    if (nnz) apply(x, s, find_dim(s, c->course_dim), nnz, c->pat + 2 * pat,
                   c->w + (size_t)w * c->lanes, c->lanes, 1);
}

/* Opens dims as outermost axes. Returns the new size. */
static void open_forward(const Step *st, const double *in, double *out, double *tmp, Shape *s,
                         const Ctx *c) {
    int L = c->lanes;
    size_t count = shape_size(s);
    memcpy(out, in, count * L * sizeof(double));
    for (int k = 0; k < st->n_open; k++) {
        const int32_t *o = st->open + k * OPEN_LEN;
        int K = o[1];
        const double *w = c->w + (size_t)o[3] * L;
        memcpy(tmp, out, count * L * sizeof(double));
        /* slot 0 takes the untouched mass, the others the mass explained by the leak */
        for (size_t i = 0; i < count; i++)
            for (int l = 0; l < L; l++) out[i * L + l] = w[l] * tmp[i * L + l];
        if (o[2]) course_forward(tmp, s, o[4], o[5], o[6], c);
        for (int j = 1; j < K; j++) {
            double *y = out + (size_t)j * count * L;
            memset(y, 0, count * L * sizeof(double));
            axpy(y, tmp, w + (size_t)j * L, count, L);
        }
        for (int i = s->n; i > 0; i--) {
            s->id[i] = s->id[i - 1];
            s->size[i] = s->size[i - 1];
        }
        s->id[0] = o[0];
        s->size[0] = K;
        s->n++;
        count *= (size_t)K;
    }
}

static void open_backward(const Step *st, double *x, double *tmp, Shape *s, const Ctx *c) {
    int L = c->lanes;
    for (int k = st->n_open - 1; k >= 0; k--) {
        const int32_t *o = st->open + k * OPEN_LEN;
        int K = o[1];
        const double *w = c->w + (size_t)o[3] * L;
        *s = without(s, 0);
        size_t count = shape_size(s);
        memset(tmp, 0, count * L * sizeof(double));
        for (int j = 1; j < K; j++)
            axpy(tmp, x + (size_t)j * count * L, w + (size_t)j * L, count, L);
        if (o[2]) course_backward(tmp, s, o[4], o[5], o[6], c);
        axpy(tmp, x, w, count, L);
        memcpy(x, tmp, count * L * sizeof(double));
    }
}

static void take_slice(const double *x, const Shape *s, int at, int k, double *y, int lanes) {
    size_t outer, inner;
    split(s, at, &outer, &inner);
    size_t block = inner * (size_t)lanes;
    for (size_t o = 0; o < outer; o++)
        memcpy(y + o * block, x + (o * s->size[at] + k) * block, block * sizeof(double));
}

/* x <- T_state x, the operator of one variable in one state; tmp: two tensors of x's size */
static void state_forward(const int32_t *p, double *x, double *tmp, const Shape *s, const Ctx *c) {
    int L = c->lanes;
    size_t count = shape_size(s);
    p++;
    int n_plain = *p++;
    for (int i = 0; i < n_plain; i++, p += PLAIN_LEN)
        apply(x, s, find_dim(s, p[0]), p[1], c->pat + 2 * p[2], c->w + (size_t)p[3] * L, L, 0);
    int n_comp = *p++;
    const int32_t *comp = p;
    p += n_comp * COMP_LEN;
    int course_nnz = p[0];
    if (!course_nnz) {
        for (int i = 0; i < n_comp; i++) {
            const int32_t *e = comp + i * COMP_LEN;
            apply(x, s, find_dim(s, e[0]), e[1], c->pat + 2 * e[2], c->w + (size_t)e[3] * L, L, 0);
        }
        return;
    }
    double none[64];
    for (int l = 0; l < L; l++) none[l] = 1.0;
    double *some = tmp;
    memset(some, 0, count * L * sizeof(double));
    for (int i = 0; i < n_comp; i++) {
        const int32_t *e = comp + i * COMP_LEN;
        int at = find_dim(s, e[0]);
        apply(some, s, at, e[1], c->pat + 2 * e[2], c->w + (size_t)e[3] * L, L, 0);
        apply_add(some, x, s, at, e[4], c->pat + 2 * e[5], c->w + (size_t)e[6] * L, none, L, 0);
        for (int l = 0; l < L; l++) none[l] *= c->w[(size_t)e[7] * L + l];
    }
    course_forward(some, s, course_nnz, p[1], p[2], c);
    scale(x, none, count, L);
    for (size_t i = 0; i < count * L; i++) x[i] += some[i];
}

/* x <- T' x; also gives plain' x in `plain` (for the no-hit probability) and the product of stays */
static void state_backward(const int32_t *p, double *x, double *plain, double *tmp, double *stay,
                           const Shape *s, const Ctx *c) {
    int L = c->lanes;
    size_t count = shape_size(s);
    p++;
    int n_plain = *p++;
    for (int i = 0; i < n_plain; i++, p += PLAIN_LEN)
        apply(x, s, find_dim(s, p[0]), p[1], c->pat + 2 * p[2], c->w + (size_t)p[3] * L, L, 1);
    int n_comp = *p++;
    const int32_t *comp = p;
    p += n_comp * COMP_LEN;
    int course_nnz = p[0];
    for (int l = 0; l < L; l++) stay[l] = 1.0;
    if (n_comp) memcpy(plain, x, count * L * sizeof(double));
    if (!course_nnz) {
        for (int i = 0; i < n_comp; i++) {
            const int32_t *e = comp + i * COMP_LEN;
            apply(x, s, find_dim(s, e[0]), e[1], c->pat + 2 * e[2], c->w + (size_t)e[3] * L, L, 1);
            for (int l = 0; l < L; l++) stay[l] *= c->w[(size_t)e[7] * L + l];
        }
        return;
    }
    double before[MAX_DIMS][64];
    for (int i = 0; i < n_comp; i++) {
        const int32_t *e = comp + i * COMP_LEN;
        for (int l = 0; l < L; l++) {
            before[i][l] = stay[l];
            stay[l] *= c->w[(size_t)e[7] * L + l];
        }
    }
    double *mu = tmp;
    memcpy(mu, x, count * L * sizeof(double));
    course_backward(mu, s, course_nnz, p[1], p[2], c);
    scale(x, stay, count, L);
    for (int i = n_comp - 1; i >= 0; i--) {
        const int32_t *e = comp + i * COMP_LEN;
        int at = find_dim(s, e[0]);
        apply_add(x, mu, s, at, e[4], c->pat + 2 * e[5], c->w + (size_t)e[6] * L, before[i], L, 1);
        apply(mu, s, at, e[1], c->pat + 2 * e[2], c->w + (size_t)e[3] * L, L, 1);
    }
}

typedef struct {
    double *a, *b, *c, *d;
} Buffers;

/* One whole step; in: tensor before opening. *opened gets the tensor after opening (kept by caller). */
static void step_forward(const Step *st, const double *in, double *opened, double *out, Shape *s,
                         Shape *opened_shape, const Buffers *b, const Ctx *c) {
    int L = c->lanes;
    open_forward(st, in, opened, b->a, s, c);
    *opened_shape = *s;
    int at = st->var_dim >= 0 ? find_dim(s, st->var_dim) : -1;
    Shape after = at >= 0 ? without(s, at) : *s;
    size_t count = shape_size(&after);
    memset(out, 0, count * L * sizeof(double));
    const int32_t *p = st->states;
    for (int k = 0; k < st->n_states; k++, p = state_end(p)) {
        if (at >= 0)
            take_slice(opened, s, at, k, b->a, L);
        else
            memcpy(b->a, opened, count * L * sizeof(double));
        state_forward(p, b->a, b->b, &after, c);
        axpy(out, b->a, c->w + (size_t)p[0] * L, count, L);
    }
    *s = after;
    for (int k = 0; k < st->n_close; k++) {
        int d = find_dim(s, st->close[2 * k]);
        const double *w = c->w + (size_t)st->close[2 * k + 1] * L;
        size_t outer, inner;
        split(s, d, &outer, &inner);
        int K = s->size[d];
        size_t block = inner * (size_t)L;
        memcpy(b->a, out, shape_size(s) * L * sizeof(double));
        memset(out, 0, outer * block * sizeof(double));
        for (size_t o = 0; o < outer; o++)
            for (int j = 0; j < K; j++)
                axpy(out + o * block, b->a + (o * K + j) * block, w + (size_t)j * L, inner, L);
        *s = without(s, d);
    }
}

static void step_backward(const Step *st, const double *opened, const Shape *opened_shape,
                          double *lambda, double *present, double *quiet, const Buffers *b,
                          const Ctx *c) {
    int L = c->lanes;
    int at = st->var_dim >= 0 ? find_dim(opened_shape, st->var_dim) : -1;
    Shape after = at >= 0 ? without(opened_shape, at) : *opened_shape;
    Shape chain[MAX_DIMS];
    chain[0] = after;
    for (int k = 0; k < st->n_close; k++)
        chain[k + 1] = without(&chain[k], find_dim(&chain[k], st->close[2 * k]));
    for (int k = st->n_close - 1; k >= 0; k--) {
        int d = find_dim(&chain[k], st->close[2 * k]);
        const double *w = c->w + (size_t)st->close[2 * k + 1] * L;
        size_t outer, inner;
        split(&chain[k], d, &outer, &inner);
        int K = chain[k].size[d];
        size_t block = inner * (size_t)L;
        memcpy(b->a, lambda, outer * block * sizeof(double));
        memset(lambda, 0, outer * K * block * sizeof(double));
        for (size_t o = 0; o < outer; o++)
            for (int j = 0; j < K; j++)
                axpy(lambda + (o * K + j) * block, b->a + o * block, w + (size_t)j * L, inner, L);
    }
    size_t count = shape_size(&after);
    size_t whole = shape_size(opened_shape);
    double *gathered = b->d;
    memset(gathered, 0, whole * L * sizeof(double));
    size_t outer = 1, inner = count;
    if (at >= 0) split(opened_shape, at, &outer, &inner);
    size_t block = inner * (size_t)L;
    int K = at >= 0 ? opened_shape->size[at] : 1;
    const int32_t *p = st->states;
    double stay[64];
    for (int k = 0; k < st->n_states; k++, p = state_end(p)) {
        const double *w = c->w + (size_t)p[0] * L;
        int n_comp = p[2 + p[1] * PLAIN_LEN];
        double *x = b->a, *plain = b->b;
        memcpy(x, lambda, count * L * sizeof(double));
        scale(x, w, count, L);
        state_backward(p, x, plain, b->c, stay, &after, c);
        double full[64] = {0}, quiet_sum[64] = {0};
        for (size_t o = 0; o < outer; o++) {
            const double *v = opened + (o * K + (at >= 0 ? k : 0)) * block;
            const double *g = x + o * block;
            const double *h = plain + o * block;
            for (size_t i = 0; i < inner; i++)
                for (int l = 0; l < L; l++) {
                    full[l] += v[i * L + l] * g[i * L + l];
                    if (n_comp) quiet_sum[l] += v[i * L + l] * h[i * L + l];
                }
            double *target = gathered + (o * K + (at >= 0 ? k : 0)) * block;
            for (size_t i = 0; i < block; i++) target[i] += g[i];
        }
        for (int l = 0; l < L; l++) {
            present[k * L + l] = full[l];
            quiet[k * L + l] = n_comp ? stay[l] * quiet_sum[l] : full[l];
        }
    }
    memcpy(lambda, gathered, whole * L * sizeof(double));
    Shape s = *opened_shape;
    open_backward(st, lambda, b->a, &s, c);
}

/* The whole sweep.
 * program: [n_steps, course_dim, max_states, step...]; out_z[lanes];
 * out_present, out_quiet: [n_steps][max_states][lanes] or NULL for the forward pass only.
 * widest: cells of the widest tensor; memory_limit: bytes for stored tensors.
 * Returns 0, or 1 when memory could not be had. */
int stillwell_sweep(const int32_t *program, const int32_t *pat, const double *w, int32_t lanes,
                    int64_t widest, int64_t memory_limit, double *out_z, double *out_present,
                    double *out_quiet) {
    int n_steps = program[0];
    Ctx c = {pat, w, lanes, program[1]};
    int max_states = program[2];
    Step *steps = calloc((size_t)n_steps + 1, sizeof(Step));
    size_t *size_open = calloc((size_t)n_steps + 1, sizeof(size_t));
    size_t *size_in = calloc((size_t)n_steps + 1, sizeof(size_t));
    Shape *shapes = calloc((size_t)n_steps + 1, sizeof(Shape));
    Shape *shapes_in = calloc((size_t)n_steps + 1, sizeof(Shape));
    size_t bytes = (size_t)widest * (size_t)lanes * sizeof(double) + 64;
    double *work = malloc(bytes * 6);
    int failed = !steps || !size_open || !size_in || !shapes || !shapes_in || !work;
    double **kept = calloc((size_t)n_steps + 1, sizeof(double *));
    double **marks = calloc((size_t)n_steps + 1, sizeof(double *));
    if (failed || !kept || !marks) goto done_early;
    {
        size_t stride = bytes / sizeof(double);
        Buffers b = {work, work + stride, work + 2 * stride, work + 3 * stride};
        double *cur = work + 4 * stride, *opened = work + 5 * stride;
        double *out = malloc(bytes);
        if (!out) {
            failed = 1;
            goto done_early;
        }
        const int32_t *p = program + 3;
        Shape s = {0};
        for (int i = 0; i < n_steps; i++) {
            p = read_step(p, &steps[i]);
            size_in[i] = shape_size(&s);
            shapes_in[i] = s;
            for (int k = 0; k < steps[i].n_open; k++) {
                for (int j = s.n; j > 0; j--) {
                    s.id[j] = s.id[j - 1];
                    s.size[j] = s.size[j - 1];
                }
                s.id[0] = steps[i].open[k * OPEN_LEN];
                s.size[0] = steps[i].open[k * OPEN_LEN + 1];
                s.n++;
            }
            size_open[i] = shape_size(&s);
            if (steps[i].var_dim >= 0) s = without(&s, find_dim(&s, steps[i].var_dim));
            for (int k = 0; k < steps[i].n_close; k++)
                s = without(&s, find_dim(&s, steps[i].close[2 * k]));
        }
        /* segments: only the tensor at a segment's start is kept in the first pass */
        double total = 0;
        for (int i = 0; i < n_steps; i++) total += (double)size_open[i] * lanes * sizeof(double);
        int segment = n_steps;
        if (out_present && total > (double)memory_limit) {
            segment = 1;
            while (segment * segment < n_steps) segment++;
        }
        for (int l = 0; l < lanes; l++) cur[l] = 1.0;
        Shape now = {0};
        for (int i = 0; i < n_steps; i++) {
            if (out_present && i % segment == 0) {
                marks[i] = malloc(size_in[i] * lanes * sizeof(double));
                if (!marks[i]) { failed = 1; break; }
                memcpy(marks[i], cur, size_in[i] * lanes * sizeof(double));
            }
            step_forward(&steps[i], cur, opened, out, &now, &shapes[i], &b, &c);
            double *swap = cur;
            cur = out;
            out = swap;
            if (out_present && segment == n_steps) {
                kept[i] = malloc(size_open[i] * lanes * sizeof(double));
                if (!kept[i]) { failed = 1; break; }
                memcpy(kept[i], opened, size_open[i] * lanes * sizeof(double));
            }
        }
        if (!failed) memcpy(out_z, cur, (size_t)lanes * sizeof(double));
        if (out_present && !failed) {
            double *lambda = malloc(bytes);
            if (!lambda) failed = 1;
            else for (int l = 0; l < lanes; l++) lambda[l] = 1.0;
            for (int i = n_steps - 1; i >= 0 && !failed; i--) {
                if (!kept[i]) {
                    int start = i - i % segment;
                    memcpy(cur, marks[start], size_in[start] * lanes * sizeof(double));
                    Shape t = shapes_in[start];
                    for (int j = start; j <= i && !failed; j++) {
                        Shape ignored;
                        step_forward(&steps[j], cur, opened, out, &t, &ignored, &b, &c);
                        double *swap = cur;
                        cur = out;
                        out = swap;
                        kept[j] = malloc(size_open[j] * lanes * sizeof(double));
                        if (!kept[j]) failed = 1;
                        else memcpy(kept[j], opened, size_open[j] * lanes * sizeof(double));
                    }
                }
                if (failed) break;
                size_t at = (size_t)i * max_states * lanes;
                step_backward(&steps[i], kept[i], &shapes[i], lambda, out_present + at,
                              out_quiet + at, &b, &c);
                free(kept[i]);
                kept[i] = NULL;
            }
            free(lambda);
        }
        /* cur and out were swapped among three buffers: free the one that malloc gave */
        double *loose[3] = {cur, opened, out};
        for (int i = 0; i < 3; i++)
            if (loose[i] < work || loose[i] >= work + 6 * stride) free(loose[i]);
    }
done_early:
    if (kept) for (int i = 0; i < n_steps; i++) free(kept[i]);
    if (marks) for (int i = 0; i < n_steps; i++) free(marks[i]);
    free(kept);
    free(marks);
    free(work);
    free(shapes);
    free(shapes_in);
    free(size_open);
    free(size_in);
    free(steps);
    return failed;
}

static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_sweep",
                                    "Sweep kernel, called through ctypes.", -1, methods,
                                    NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__sweep(void) { return PyModule_Create(&module); }
