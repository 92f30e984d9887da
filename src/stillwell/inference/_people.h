/* The posterior of many people by one sweep over the causes, whatever findings they have.
 *
 * The sweep over the links of the causes is the same for everybody: its program was written once, without any
 * finding. Positive findings are data: a table of 2^k cells beside every cell of the sweep says how much of the
 * probability goes to each set of findings explained so far. Only sums and products of non-negative numbers
 * occur. LANES people run side by side; what one gets does not depend on the others. Knows arrays, not medicine.
 * Included by _people8.c and _people2.c, which say how many LANES there are and how the function is called. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "_shape.h"

#define WORDS 8
#define TOP 8      /* levels of a variable */
#define MAX_NODES 128

enum { OPEN = 0, APPLY = 2, CLOSE = 5 };

typedef double Vec __attribute__((vector_size(8 * LANES)));

/* A program over joined causes (nodes 0 .. nodes - 1) and groups that exclude each other (the nodes above). */
typedef struct {
    const int32_t *code, *patterns;
    const double *fixed;
    const int32_t *count;  /* (nodes,) levels of each node */
    const int32_t *state;  /* (nodes, TOP) state of each level */
    const int32_t *muted;  /* (nodes, TOP) whether a level may produce no finding */
    int64_t cells;
    int32_t n, tag;
} Program;

/* What all people share: the causes, their links, the programs. */
typedef struct {
    const int32_t *n_states;  /* (variables,) */
    const int32_t *joined;    /* (nodes,) the variable of each node */
    const int32_t *apart;     /* (n_apart,) variables that nothing joins */
    const int32_t *parents, *children;  /* (links,) nodes, by parent */
    const double *spared;     /* (links, states) probability that the parent in a state does not push the child */
    const Program *plain;
    const Program *tagged;    /* (nodes,) without code where a node has no children */
    double relevant, through;
    int32_t variables, states, nodes, n_apart, links;
} Causes;

/* Findings, and which of them each person has. A finding arises in entries: by a state of a variable. */
typedef struct {
    const int32_t *first;   /* (findings + 1,) */
    const int32_t *place;   /* (entries,) variable * states + state */
    const double *arises;   /* (entries,) probability that it arises at all */
    const int32_t *row;     /* (entries,) of `shown`, or -1 */
    const int32_t *as_seen; /* (findings,) the row of what is not listed, or -1 */
    const double *shown;    /* (rows, all) probability that it is then as far out as it is */
    const double *leak;     /* (findings, kinds) of what is not listed */
    const int64_t *kind;    /* (all,) kind of each person */
    const int32_t *has;     /* (people, k) numbers of the findings */
    int32_t k, kinds;
} Findings;

/* A number for each state of each variable: that of a person's kind, but for some states one of the person. */
typedef struct {
    const double *usual;     /* (kinds, variables, states) */
    const int64_t *kind;     /* (all,) */
    const int32_t *place;    /* (n_own,) variable * states + state */
    const double *const *own; /* (n_own,) columns of (all,) */
    int32_t n_own;
} Columns;

typedef struct {
    const Causes *c;
    int k;              /* findings of each person */
    size_t masks;       /* sets of them */
    Vec *x;             /* the tensor */
    Vec *kept;          /* on the way there: the tensors before each close, one after another, and the last */
    Vec *some;          /* (2 * masks,) */
    int32_t *first, *finding; /* (variables * states + 1,), (entries,): what a state of a variable produces */
    Vec *explains, *fails;    /* (entries,) an entry explains its finding, or not */
    Vec *hush;                /* (variables, states) none of its findings arises */
    Vec *all;                 /* (k, variables, states) all entries, also those that nobody has */
    uint8_t *used;            /* (k, variables, states) which somebody has */
    uint8_t (*reach)[LANES];  /* (variables,) whether a variable produces a finding of a person */
    Vec *leak;                /* (k,) of what is not listed */
    Vec *full, *quiet;     /* (variables, states) out: weight of a state; without a finding of its own */
    int failed;
} Run;

static int find_dim(const Shape *s, int id) {
    int i = 0;
    while (s->id[i] != id) i++;
    return i;
}

static int entries(const Run *r, int v, int s) {
    const int32_t *first = r->first + v * r->c->states + s;
    return first[1] - first[0];
}

#define INLINE static inline __attribute__((always_inline))

/* One call for each small number of masks, so that its loops are unrolled. */
#define BY_MASKS(CALL)                                                     \
    switch (r->masks) {                                                    \
    case 1: CALL(1); break;                                                \
    case 2: CALL(2); break;                                                \
    case 4: CALL(4); break;                                                \
    case 8: CALL(8); break;                                                \
    default: CALL(r->masks); break;                                        \
    }

INLINE void explain_one(Vec *x, size_t masks, size_t step, Vec p, Vec q, int transposed) {
    for (size_t b = 0; b < masks; b += 2 * step)
        for (size_t i = b; i < b + step; i++) {
            const Vec low = x[i], high = x[i + step];
            if (transposed) {
                x[i] = q * low + p * high;
            } else {
                x[i + step] = high + p * low;
                x[i] = q * low;
            }
        }
}

/* A state of a variable explains what it produces; `x` are the masks of one cell. */
INLINE void explain(const Run *r, size_t masks, Vec *x, int v, int s, int transposed) {
    const int32_t *first = r->first + v * r->c->states + s;
    for (int32_t e = first[0]; e < first[1]; e++) {
        const Vec p = r->explains[e], q = r->fails[e];
        const int f = masks == 2 ? 0 : r->finding[e];
        if (f == 0) explain_one(x, masks, 1, p, q, transposed);
        else if (f == 1) explain_one(x, masks, 2, p, q, transposed);
        else if (f == 2) explain_one(x, masks, 4, p, q, transposed);
        else explain_one(x, masks, (size_t)1 << f, p, q, transposed);
    }
}

/* x <- M x (or M' x) along a dim of `size` slots that lie `step` apart; M upper triangular, dense. */
static void matrix(Vec *x, size_t outer, size_t so, size_t mid, size_t sm, size_t run, size_t step, int size,
                   const double *w, int transposed) {
    for (size_t o = 0; o < outer; o++)
        for (size_t m = 0; m < mid; m++) {
            Vec *y = x + o * so + m * sm;
            if (size == 1) {
                for (size_t i = 0; i < run; i++) y[i] *= w[0];
            } else if (size == 2) {
                const double a = w[0], q = w[1], b = w[TOP + 1];
                if (transposed)
                    for (size_t i = 0; i < run; i++) {
                        const Vec u = y[i], v = y[i + step];
                        y[i] = a * u + q * v;
                        y[i + step] = b * v;
                    }
                else
                    for (size_t i = 0; i < run; i++) {
                        const Vec u = y[i], v = y[i + step];
                        y[i + step] = q * u + b * v;
                        y[i] = a * u;
                    }
            } else if (size == 3) {
                const double a = w[0], p = w[1], q = w[2], b = w[TOP + 1], d = w[TOP + 2], e = w[2 * TOP + 2];
                if (transposed)
                    for (size_t i = 0; i < run; i++) {
                        const Vec t = y[i], u = y[i + step], v = y[i + 2 * step];
                        y[i] = a * t + p * u + q * v;
                        y[i + step] = b * u + d * v;
                        y[i + 2 * step] = e * v;
                    }
                else
                    for (size_t i = 0; i < run; i++) {
                        const Vec t = y[i], u = y[i + step], v = y[i + 2 * step];
                        y[i + 2 * step] = q * t + d * u + e * v;
                        y[i + step] = p * t + b * u;
                        y[i] = a * t;
                    }
            } else {
                for (size_t i = 0; i < run; i++) {
                    Vec t[TOP];
                    for (int k = 0; k < size; k++) t[k] = y[i + (size_t)k * step];
                    for (int k = 0; k < size; k++) {
                        Vec sum = w[k * TOP + k] * t[k];
                        if (transposed)
                            for (int j = k + 1; j < size; j++) sum += w[k * TOP + j] * t[j];
                        else
                            for (int j = 0; j < k; j++) sum += w[j * TOP + k] * t[j];
                        y[i + (size_t)k * step] = sum;
                    }
                }
            }
        }
}

static void apply(Run *r, const Program *g, const Shape *s, const int32_t *p, int transposed) {
    const int pv = find_dim(s, p[1]), pd = find_dim(s, p[3]), size = s->size[pd];
    if (p[2] >= s->size[pv]) return; /* a level that nobody here has */
    double w[TOP * TOP] = {0};
    for (int e = 0; e < p[4]; e++) {
        const int32_t i = g->patterns[2 * (p[5] + e)], j = g->patterns[2 * (p[5] + e) + 1];
        w[i * TOP + j] = g->fixed[p[6] + e];
    }
    const int hi = pv < pd ? pv : pd, lo = pv < pd ? pd : pv;
    const size_t run = product(s, lo + 1, s->n) * r->masks;
    const size_t mid = product(s, hi + 1, lo), sm = run * (size_t)s->size[lo];
    const size_t outer = product(s, 0, hi), so = mid * sm * (size_t)s->size[hi];
    const size_t step_v = pv == hi ? mid * sm : run, step_d = pd == hi ? mid * sm : run;
    matrix(r->x + (size_t)p[2] * step_v, outer, so, mid, sm, run, step_d, size, w, transposed);
}

/* Weights with which a node opens: the prior of its states, or nothing in a group yet. */
static void opening(const Run *r, const Program *g, const int32_t *p, const Vec *prior, Vec *w) {
    const int S = r->c->states, node = p[1];
    const Vec none = {0};
    for (int k = 0; k < p[2]; k++) {
        if (node >= r->c->nodes) {
            w[k] = none + g->fixed[p[3] + k];
        } else {
            const int v = r->c->joined[node];
            w[k] = k < r->c->n_states[v] ? prior[v * S + k] : none;
        }
    }
}

static void closing(const Run *r, const Program *g, const int32_t *p, int size, const Vec *unary, Vec *w) {
    const int S = r->c->states, node = p[1];
    const Vec none = {0};
    for (int k = 0; k < size; k++) {
        if (node >= r->c->nodes)
            w[k] = none + g->fixed[p[2] + k];
        else if (node == g->tag && k == 0)
            w[k] = none;
        else
            w[k] = unary[r->c->joined[node] * S + g->state[node * TOP + k]];
    }
}

/* y <- x summed over the levels of a node that closes, each of which explains its findings before.
 * `x` and `y` may begin at the same place. */
INLINE void close_by(const Run *r, size_t masks, const Program *g, int node, const Vec *x, Vec *y, size_t outer,
                     int size, size_t inner, const Vec *w) {
    const size_t run = inner * masks;
    const int v = r->c->joined[node], S = r->c->states;
    Vec few[8], *const some = masks <= 8 ? few : r->some;
    Vec weight[TOP];
    int explains[TOP] = {0}, any = 0;
    for (int k = 0; k < size; k++) {
        const int s = g->state[node * TOP + k];
        weight[k] = w[k];
        if (!k || !entries(r, v, s)) continue;
        if (g->muted[node * TOP + k]) weight[k] = w[k] * r->hush[v * S + s];
        else any = explains[k] = 1;
    }
    for (size_t o = 0; o < outer; o++, x += (size_t)size * run, y += run) {
        if (!any) {
            if (size == 1)
                for (size_t i = 0; i < run; i++) y[i] = weight[0] * x[i];
            else if (size == 2)
                for (size_t i = 0; i < run; i++) y[i] = weight[0] * x[i] + weight[1] * x[run + i];
            else
                for (size_t i = 0; i < run; i++) {
                    Vec sum = weight[0] * x[i] + weight[1] * x[run + i];
                    for (int k = 2; k < size; k++) sum += weight[k] * x[(size_t)k * run + i];
                    y[i] = sum;
                }
            continue;
        }
        for (size_t i = 0; i < run; i += masks) {
            for (size_t m = 0; m < masks; m++) y[i + m] = weight[0] * x[i + m];
            for (int k = 1; k < size; k++) {
                const Vec *from = x + (size_t)k * run + i;
                if (explains[k]) {
                    for (size_t m = 0; m < masks; m++) some[m] = from[m];
                    explain(r, masks, some, v, g->state[node * TOP + k], 0);
                    from = some;
                }
                for (size_t m = 0; m < masks; m++) y[i + m] += weight[k] * from[m];
            }
        }
    }
}

static void close_node(const Run *r, const Program *g, int node, const Vec *x, Vec *y, size_t outer, int size,
                       size_t inner, const Vec *w) {
#define CALL(MASKS) close_by(r, MASKS, g, node, x, y, outer, size, inner, w)
    BY_MASKS(CALL)
#undef CALL
}

/* The way back of the same: x, which was summed over the levels, is spread over them again, and `full` and
 * `quiet` of the variable are added up. before: the tensor before the node closed. */
INLINE void undo_by(Run *r, size_t masks, const Program *g, int node, const Vec *before, size_t outer, int size,
                    size_t inner, const Vec *w) {
    const size_t run = inner * masks;
    const int v = r->c->joined[node], S = r->c->states;
    int produces[TOP] = {0};
    Vec full[TOP] = {{0}}, quiet[TOP] = {{0}};
    for (int k = 1; k < size; k++) produces[k] = entries(r, v, g->state[node * TOP + k]);
    Vec few[16], *const b = masks <= 8 ? few : r->some, *const y = b + masks;
    for (size_t o = outer; o-- > 0;)
        for (size_t i = 0; i < run; i += masks) {
            for (size_t m = 0; m < masks; m++) b[m] = r->x[o * run + i + m];
            for (int k = 0; k < size; k++) {
                const size_t at = (o * (size_t)size + (size_t)k) * run + i;
                Vec *to = r->x + at;
                const Vec *a = before + at;
                Vec sum = {0};
                if (produces[k]) {
                    for (size_t m = 0; m < masks; m++) {
                        y[m] = w[k] * b[m];
                        sum += a[m] * y[m];
                    }
                    quiet[k] += sum;
                    explain(r, masks, y, v, g->state[node * TOP + k], 1);
                    sum = sum - sum;
                    for (size_t m = 0; m < masks; m++) {
                        sum += a[m] * y[m];
                        to[m] = y[m];
                    }
                } else {
                    for (size_t m = 0; m < masks; m++) {
                        to[m] = w[k] * b[m];
                        sum += a[m] * to[m];
                    }
                }
                full[k] += sum;
            }
        }
    for (int k = 0; k < size; k++) {
        r->full[v * S + k] = full[k];
        r->quiet[v * S + k] = produces[k] ? quiet[k] * r->hush[v * S + k] : full[k];
    }
}

static void undo_close(Run *r, const Program *g, int node, const Vec *before, size_t outer, int size,
                       size_t inner, const Vec *w) {
#define CALL(MASKS) undo_by(r, MASKS, g, node, before, outer, size, inner, w)
    BY_MASKS(CALL)
#undef CALL
}

/* The sweep there: the tensor holds the start in its masks, and in the end what is left of it.
 * dead: (nodes,) a node that nobody here has. wide: the shape before each close, for the way back, for which
 * the tensors are kept; or NULL. */
static void forward(Run *r, const Program *g, const Vec *prior, const Vec *unary, const uint8_t *dead,
                    Shape *wide) {
    Shape s;
    s.n = 0;
    Vec w[TOP];
    for (int32_t n = 0; n < g->n; n++) {
        const int32_t *p = g->code + (size_t)n * WORDS;
        const int node = p[1], cause = node < r->c->nodes;
        if (p[0] == OPEN) {
            const int size = cause && dead[node] ? 1 : p[2];
            const size_t count = product(&s, 0, s.n) * r->masks;
            opening(r, g, p, prior, w);
            for (int k = size - 1; k >= 0; k--)
                for (size_t i = 0; i < count; i++) r->x[(size_t)k * count + i] = w[k] * r->x[i];
            insert_dim(&s, 0, node, size);
        } else if (p[0] == APPLY) {
            apply(r, g, &s, p, 0);
        } else {
            const int at = find_dim(&s, node), size = s.size[at];
            const size_t outer = product(&s, 0, at), inner = product(&s, at + 1, s.n);
            closing(r, g, p, size, unary, w);
            Vec *to = r->x;
            if (wide) {
                wide[n] = s;
                if (cause) to += outer * (size_t)size * inner * r->masks;
            }
            if (cause) {
                close_node(r, g, node, r->x, to, outer, size, inner, w);
            } else { /* a group that exclude each other: all of it is left */
                const size_t run = inner * r->masks;
                for (size_t o = 0; o < outer; o++)
                    for (size_t i = 0; i < run; i++) {
                        Vec sum = w[0] * r->x[o * (size_t)size * run + i];
                        for (int k = 1; k < size; k++)
                            sum += w[k] * r->x[(o * (size_t)size + (size_t)k) * run + i];
                        to[o * run + i] = sum;
                    }
            }
            r->x = to;
            remove_dim(&s, at);
        }
    }
}

/* The sweep back, adjoint of the one there; fills `full` and `quiet` of the joined variables.
 * kept: where the tensor of the way there stands in the end. */
static void backward(Run *r, const Program *g, const Vec *prior, const Vec *unary, const Shape *wide,
                     const Vec *kept) {
    Shape s;
    s.n = 0;
    Vec w[TOP];
    for (int32_t n = g->n - 1; n >= 0; n--) {
        const int32_t *p = g->code + (size_t)n * WORDS;
        const int node = p[1], cause = node < r->c->nodes;
        if (p[0] == OPEN) {
            const int size = s.size[0];
            remove_dim(&s, 0);
            const size_t count = product(&s, 0, s.n) * r->masks;
            opening(r, g, p, prior, w);
            for (size_t i = 0; i < count; i++) {
                Vec sum = w[0] * r->x[i];
                for (int k = 1; k < size; k++) sum += w[k] * r->x[(size_t)k * count + i];
                r->x[i] = sum;
            }
        } else if (p[0] == APPLY) {
            apply(r, g, &s, p, 1);
        } else {
            s = wide[n];
            const int at = find_dim(&s, node), size = s.size[at];
            const size_t outer = product(&s, 0, at), inner = product(&s, at + 1, s.n), run = inner * r->masks;
            closing(r, g, p, size, unary, w);
            if (cause) {
                kept -= outer * (size_t)size * run;
                undo_close(r, g, node, kept, outer, size, inner, w);
            } else {
                for (size_t o = outer; o-- > 0;)
                    for (int k = size - 1; k >= 0; k--)
                        for (size_t i = 0; i < run; i++)
                            r->x[(o * (size_t)size + (size_t)k) * run + i] = w[k] * r->x[o * run + i];
            }
        }
    }
}

static int reaches(const Run *r, int v) {
    for (int l = 0; l < LANES; l++)
        if (r->reach[v][l]) return 1;
    return 0;
}

/* Weight of a state of a variable that nothing joins: such as reach no finding of a person stay out. */
static Vec weight(const Run *r, int v, int k, const Vec *prior, const Vec *unary) {
    const int S = r->c->states;
    Vec w = prior[v * S + k] * unary[v * S + k];
    for (int l = 0; l < LANES; l++)
        if (!r->reach[v][l]) w[l] = k == 0;
    return w;
}

/* A variable that nothing joins: x <- sum over its states of weight times what it explains. */
static void apart_forward(const Run *r, Vec *x, int v, const Vec *prior, const Vec *unary, Vec *spare) {
    const int n = r->c->n_states[v];
    for (size_t m = 0; m < r->masks; m++) spare[m] = x[m];
    const Vec w0 = weight(r, v, 0, prior, unary);
    for (size_t m = 0; m < r->masks; m++) x[m] *= w0;
    Vec *y = spare + r->masks;
    for (int k = 1; k < n; k++) {
        const Vec w = weight(r, v, k, prior, unary);
        memcpy(y, spare, r->masks * sizeof(Vec));
        explain(r, r->masks, y, v, k, 0);
        for (size_t m = 0; m < r->masks; m++) x[m] += w * y[m];
    }
}

static void apart_backward(const Run *r, Vec *x, int v, const Vec *prior, const Vec *unary, const Vec *before,
                           Vec *spare) {
    const int S = r->c->states, n = r->c->n_states[v];
    memcpy(spare, x, r->masks * sizeof(Vec));
    Vec *y = spare + r->masks;
    for (int k = 0; k < n; k++) {
        const Vec w = weight(r, v, k, prior, unary), none = {0};
        Vec full = none, quiet = none;
        memcpy(y, spare, r->masks * sizeof(Vec));
        for (size_t m = 0; m < r->masks; m++) quiet += before[m] * y[m];
        if (k && entries(r, v, k)) {
            explain(r, r->masks, y, v, k, 1);
            for (size_t m = 0; m < r->masks; m++) full += before[m] * y[m];
            quiet *= r->hush[v * S + k];
        } else {
            full = quiet;
        }
        r->full[v * S + k] = w * full;
        r->quiet[v * S + k] = w * quiet;
        if (k)
            for (size_t m = 0; m < r->masks; m++) x[m] += w * y[m];
        else
            for (size_t m = 0; m < r->masks; m++) x[m] = w * y[m];
    }
}

/* The probability of the evidence of each person; with `wide`, `full` and `quiet` as well.
 * gone: (variables,) whom nobody here has. */
static Vec sweep(Run *r, const Program *g, const Vec *prior, const Vec *unary, const uint8_t *gone,
                 Shape *wide, Vec *spare) {
    const Causes *c = r->c;
    uint8_t dead[MAX_NODES];
    const Vec one = (Vec){0} + 1.0;
    r->x[0] = one;
    for (int f = 0; f < r->k; f++) {
        const size_t step = (size_t)1 << f;
        for (size_t m = 0; m < step; m++) {
            r->x[m + step] = r->leak[f] * r->x[m];
            r->x[m] *= 1.0 - r->leak[f];
        }
    }
    Vec *const back = r->x; /* the tensor of the way back, and of the way there where nothing is kept */
    if (wide) {
        memcpy(r->kept, r->x, r->masks * sizeof(Vec));
        r->x = r->kept;
    }
    for (int a = 0; a < c->n_apart; a++) {
        const int v = c->apart[a];
        if (gone[v] || !reaches(r, v)) continue;
        if (wide) {
            memcpy(r->x + r->masks, r->x, r->masks * sizeof(Vec));
            r->x += r->masks;
        }
        apart_forward(r, r->x, v, prior, unary, spare);
    }
    for (int i = 0; i < c->nodes; i++) dead[i] = gone[c->joined[i]];
    const Vec *const joined = r->x;
    forward(r, g, prior, unary, dead, wide);
    const Vec z = r->x[r->masks - 1];
    const Vec *const end = r->x;
    r->x = back;
    if (!wide) return z;
    for (size_t m = 0; m + 1 < r->masks; m++) r->x[m] = one - one;
    r->x[r->masks - 1] = one;
    backward(r, g, prior, unary, wide, end);
    const Vec *before = joined;
    for (int a = c->n_apart - 1; a >= 0; a--) {
        const int v = c->apart[a];
        if (gone[v] || !reaches(r, v)) continue;
        before -= r->masks;
        apart_backward(r, r->x, v, prior, unary, before, spare);
    }
    return z;
}

/* The probability that the findings are there and no listed cause produced any of them. */
static Vec silent(Run *r, const Vec *prior, const Vec *unary, const uint8_t *nobody, Vec *spare) {
    const Causes *c = r->c;
    const int S = c->states;
    Vec *hushed = spare + 2 * r->masks;
    Vec factor = (Vec){0} + 1.0;
    for (int f = 0; f < r->k; f++) factor *= r->leak[f];
    for (int i = 0; i < c->variables * S; i++) hushed[i] = unary[i] * r->hush[i];
    for (int a = 0; a < c->n_apart; a++) {
        const int v = c->apart[a];
        if (!reaches(r, v)) continue;
        Vec sum = (Vec){0};
        for (int k = 0; k < c->n_states[v]; k++) sum += weight(r, v, k, prior, hushed);
        factor *= sum;
    }
    /* the plain sweep, as of people without findings */
    static int32_t no_entries[MAX_NODES * TOP * 4];
    int32_t *const first = r->first;
    const size_t masks = r->masks;
    uint8_t dead[MAX_NODES];
    for (int i = 0; i < c->nodes; i++) dead[i] = nobody[c->joined[i]];
    r->first = no_entries;
    r->masks = 1;
    r->x[0] = factor;
    forward(r, c->plain, prior, hushed, dead, NULL);
    r->first = first;
    r->masks = masks;
    return r->x[0];
}

static double clipped(double x) { return x > 0 ? x : 0; }

/* What causes bring through others, added to `own` (variables); see cohort/lanes.py and assess.posterior. */
static void through(Run *r, const Vec *prior, const Vec *unary, const Vec *present,
                    Vec *contributes, const double *usable, double *lost, double least, double most,
                    Shape *wide, Vec *spare) {
    const Causes *c = r->c;
    const int S = c->states, V = c->variables;
    Vec *prior2 = spare + 2 * r->masks + (size_t)V * S, *unary2 = prior2 + (size_t)V * S;
    uint8_t kept[MAX_NODES][LANES], gone[MAX_NODES];
    double below[MAX_NODES][LANES], worth[LANES] = {0};
    for (int v = 0; v < V; v++)
        for (int l = 0; l < LANES; l++) kept[v][l] = usable[l] && present[v][l] >= c->relevant;
    /* is there a cause that could bring a finding through one that reaches it? from the last link back */
    int any = 0;
    uint8_t some_below[MAX_NODES][LANES];
    memset(some_below, 0, sizeof(some_below));
    for (int i = c->links - 1; i >= 0; i--) {
        const int a = c->parents[i], b = c->children[i], v = c->joined[b];
        for (int l = 0; l < LANES; l++) {
            if ((kept[v][l] && r->reach[v][l]) || some_below[b][l]) {
                some_below[a][l] = 1;
                if (kept[c->joined[a]][l]) worth[l] = 1, any = 1;
            }
        }
    }
    if (!any) return;
    for (int v = 0; v < V; v++) {
        gone[v] = 1;
        for (int l = 0; l < LANES; l++) {
            if (!worth[l]) kept[v][l] = 0;
            if (kept[v][l]) gone[v] = 0;
        }
        for (int k = 0; k < S; k++)
            for (int l = 0; l < LANES; l++) {
                prior2[v * S + k][l] = kept[v][l] ? prior[v * S + k][l] : k == 0;
                unary2[v * S + k][l] = kept[v][l] ? unary[v * S + k][l] : k == 0;
            }
    }
    for (int i = 0; i < c->links; i++) {
        const int a = c->joined[c->parents[i]], b = c->joined[c->children[i]];
        for (int k = 0; k < S; k++)
            for (int l = 0; l < LANES; l++)
                if (kept[a][l] && !kept[b][l]) unary2[a * S + k][l] /= c->spared[i * S + k];
    }
    const Vec z = sweep(r, c->plain, prior2, unary2, gone, wide, spare);
    for (int l = 0; l < LANES; l++)
        if (worth[l] && !(z[l] > least && z[l] < most)) lost[l] = 1;
    double own[MAX_NODES][LANES], there[MAX_NODES][LANES];
    for (int i = 0; i < c->nodes; i++) {
        const int v = c->joined[i];
        for (int l = 0; l < LANES; l++) {
            double all = 0, hushed = 0;
            if (!gone[v])
                for (int k = 1; k < c->n_states[v]; k++) {
                    all += r->full[v * S + k][l] / z[l];
                    hushed += r->quiet[v * S + k][l] / z[l];
                }
            there[i][l] = all;
            own[i][l] = clipped(all - hushed);
        }
    }
    memset(below, 0, sizeof(below));
    for (int i = c->links - 1; i >= 0; i--) {
        const int a = c->parents[i], b = c->children[i];
        for (int l = 0; l < LANES; l++)
            if (kept[c->joined[b]][l]) below[a][l] += own[b][l] + below[b][l];
    }
    for (int a = 0; a < c->nodes; a++) {
        const Program *g = c->tagged + a;
        const int v = c->joined[a];
        if (!g->n || gone[v]) continue;
        uint8_t wants[LANES];
        int some = 0;
        for (int l = 0; l < LANES; l++) {
            const double least_of = there[a][l] < below[a][l] ? there[a][l] : below[a][l];
            wants[l] = kept[v][l] && !lost[l] && least_of > c->through;
            some |= wants[l];
        }
        if (!some) continue;
        const Vec quiet = sweep(r, g, prior2, unary2, gone, NULL, spare);
            for (int l = 0; l < LANES; l++)
            if (wants[l])
                contributes[v][l] += clipped(clipped(there[a][l] - quiet[l] / z[l]) - own[a][l]);
    }
}

/* What the people of a block, at places of `all`, produce and how. */
static void lay_out(Run *r, const Findings *f, const int64_t *who, const int64_t *place, int64_t all) {
    const size_t weights = (size_t)r->c->variables * (size_t)r->c->states;
    memset(r->all, 0, (size_t)r->k * weights * sizeof(Vec));
    memset(r->used, 0, (size_t)r->k * weights);
    memset(r->reach, 0, (size_t)r->c->variables * LANES);
    for (size_t i = 0; i < weights; i++) r->hush[i] = (Vec){0} + 1.0;
    for (int k = 0; k < r->k; k++)
        for (int l = 0; l < LANES; l++) {
            const int32_t g = f->has[who[l] * r->k + k];
            double leak = f->leak[(int64_t)g * f->kinds + f->kind[place[l]]];
            if (f->as_seen[g] >= 0) leak *= f->shown[(int64_t)f->as_seen[g] * all + place[l]];
            r->leak[k][l] = leak;
            for (int32_t e = f->first[g]; e < f->first[g + 1]; e++) {
                const size_t at = (size_t)k * weights + (size_t)f->place[e];
                double p = f->arises[e];
                r->hush[f->place[e]][l] *= 1.0 - p;
                if (f->row[e] >= 0) p *= f->shown[(int64_t)f->row[e] * all + place[l]];
                r->all[at][l] = p;
                r->used[at] = 1;
                r->reach[f->place[e] / r->c->states][l] = 1;
            }
        }
    int32_t n = 0;
    for (size_t i = 0; i < weights; i++) {
        r->first[i] = n;
        for (int k = 0; k < r->k; k++)
            if (r->used[(size_t)k * weights + i]) {
                r->finding[n] = k;
                r->explains[n] = r->all[(size_t)k * weights + i];
                r->fails[n] = 1.0 - r->explains[n];
                n++;
            }
    }
    r->first[weights] = n;
}

/* Room that the tensors before each close take, one after another. */
static size_t room_of(const Program *g, int nodes) {
    size_t room = 1, cells = 1, most = 1;
    int32_t size[2 * MAX_NODES];
    for (int32_t n = 0; n < g->n; n++) {
        const int32_t *p = g->code + (size_t)n * WORDS;
        if (p[0] == OPEN) {
            cells *= (size_t)(size[p[1]] = p[2]);
        } else if (p[0] == CLOSE) {
            if (p[1] < nodes) room += cells;
            cells /= (size_t)size[p[1]];
        }
        if (room + cells > most) most = room + cells;
    }
    return most;
}

static void look_up(const Columns *from, const int64_t *place, size_t weights, Vec *to) {
    const double *usual[LANES];
    for (int l = 0; l < LANES; l++) usual[l] = from->usual + (size_t)from->kind[place[l]] * weights;
    for (size_t i = 0; i < weights; i++)
        for (int l = 0; l < LANES; l++) to[i][l] = usual[l][i];
    for (int32_t n = 0; n < from->n_own; n++)
        for (int l = 0; l < LANES; l++) to[from->place[n]][l] = from->own[n][place[l]];
}

static Vec *space(size_t count) {
    return aligned_alloc(64, ((count + 1) * sizeof(Vec) + 63) / 64 * 64);
}

/* Works out people who have the same number of findings.
 * at: (people,) their places in `all`.
 * present, contributes: (variables, all); nothing: (all,); lost: (all,) whose numbers a double cannot hold.
 * What is said of a person depends on nobody else. Returns 0, or 1 where memory ran out. */
int STILLWELL_PEOPLE(const Causes *c, const Findings *f, const Columns *prior, const Columns *unary, int64_t all,
                     const int64_t *at, int64_t people, double least, double most, double *present,
                     double *contributes, double *nothing, uint8_t *lost) {
    const int V = c->variables, S = c->states;
    const size_t weights = (size_t)V * (size_t)S, masks = (size_t)1 << f->k, k_weights = (size_t)f->k * weights;
    int32_t longest = c->plain->n;
    int64_t cells = c->plain->cells;
    for (int i = 0; i < c->nodes; i++) {
        if (c->tagged[i].cells > cells) cells = c->tagged[i].cells;
        if (c->tagged[i].n > longest) longest = c->tagged[i].n;
    }
    Run r = {0};
    r.c = c;
    r.k = f->k;
    r.masks = masks;
    r.x = space((size_t)cells * masks);
    r.kept = space((room_of(c->plain, c->nodes) + (size_t)c->n_apart) * masks);
    r.some = space(2 * masks);
    Vec *spare = space(2 * masks + 3 * weights);
    Vec *block = space(5 * weights + 2 * (size_t)V + 3 * k_weights + (size_t)f->k);
    Shape *wide = malloc((size_t)longest * sizeof(Shape));
    r.first = malloc((weights + 1 + k_weights) * sizeof(int32_t));
    r.used = malloc(k_weights + 1);
    r.reach = malloc((size_t)V * LANES);
    if (!r.x || !r.kept || !r.some || !spare || !block || !wide || !r.first || !r.used || !r.reach) {
        r.failed = 1;
        goto done;
    }
    Vec *pr = block, *un = pr + weights, *there = un + weights, *own = there + V;
    r.full = own + V;
    r.quiet = r.full + weights;
    r.hush = r.quiet + weights;
    r.explains = r.hush + weights;
    r.fails = r.explains + k_weights;
    r.all = r.fails + k_weights;
    r.leak = r.all + k_weights;
    r.finding = r.first + weights + 1;
    const uint8_t nobody[MAX_NODES] = {0};
    for (int64_t start = 0; start < people; start += LANES) {
        const int64_t here = people - start < LANES ? people - start : LANES;
        int64_t who[LANES], place[LANES];
        double usable[LANES], gone[LANES] = {0};
        for (int l = 0; l < LANES; l++) {
            who[l] = start + (l < here ? l : 0);
            place[l] = at[who[l]];
        }
        look_up(prior, place, weights, pr);
        look_up(unary, place, weights, un);
        lay_out(&r, f, who, place, all);
        const Vec z = sweep(&r, c->plain, pr, un, nobody, wide, spare);
        for (int l = 0; l < LANES; l++) {
            usable[l] = z[l] > least && z[l] < most;
            gone[l] = !usable[l];
        }
        for (int v = 0; v < V; v++) {
            Vec all_of = (Vec){0}, hushed = (Vec){0};
            for (int k = 1; k < c->n_states[v]; k++) {
                all_of += r.full[v * S + k] / z;
                hushed += r.quiet[v * S + k] / z;
            }
            there[v] = all_of;
            for (int l = 0; l < LANES; l++) own[v][l] = clipped(all_of[l] - hushed[l]);
        }
        for (int a = 0; a < c->n_apart; a++) {
            const int v = c->apart[a];
            const Vec no = pr[v * S] * un[v * S];
            Vec some = (Vec){0};
            for (int k = 1; k < S; k++) some += pr[v * S + k] * un[v * S + k];
            const Vec alone = some / (no + some);
            for (int l = 0; l < LANES; l++)
                if (!r.reach[v][l]) {
                    there[v][l] = alone[l];
                    own[v][l] = 0;
                }
        }
        Vec quiet = z;
        if (f->k) {
            quiet = silent(&r, pr, un, nobody, spare);
            through(&r, pr, un, there, own, usable, gone, least, most, wide, spare);
        }
        for (int l = 0; l < here; l++) {
            nothing[place[l]] = quiet[l] / z[l];
            lost[place[l]] = gone[l] != 0;
        }
        for (int v = 0; v < V; v++)
            for (int l = 0; l < here; l++) {
                present[(int64_t)v * all + place[l]] = there[v][l];
                contributes[(int64_t)v * all + place[l]] = own[v][l] < there[v][l] ? own[v][l] : there[v][l];
            }
    }
done:
    free(r.x);
    free(r.kept);
    free(r.some);
    free(r.first);
    free(r.used);
    free(r.reach);
    free(block);
    free(spare);
    free(wide);
    return r.failed;
}
