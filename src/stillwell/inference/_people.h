/* The posterior of many people at once, whatever findings they have.
 *
 * The causes that links join are summed away by a program that is the same for everybody and knows no finding
 * (tree.py): a stack of small tensors, each over a few nodes, that grow, meet and shrink. Positive findings are data:
 * beside every cell stands a table of 2^b cells (masks) that says how much of the probability goes to each set of
 * those b findings that something in this branch can have explained so far. Only sums and products of non-negative
 * numbers occur. LANES people run side by side; what one gets does not depend on the others. Knows arrays, not
 * medicine. Included by _people8.c and others, which say how many LANES there are and how the function is called. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A product and a sum are rounded one after the other everywhere: where they are fused must not depend on how many
 * findings the neighbours have. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

#define MAX_DIMS 16
#include "_shape.h"

#define WORDS 8
#define TOP 8      /* levels of a node */
#define MAX_NODES 128
#define MAX_DEPTH 64
#define MOST_FINDINGS 11

enum {
    PRIOR = 0, /* node, size: a new outermost node, with the prior of a cause */
    ONES,      /* node, size: the same with 1 at every level */
    FRESH,     /* node, size: the same at level 0: nothing has pushed it yet */
    BRING,     /* node: what is there without any push is worked into an open node */
    APPLY,     /* node, level, along, matrix: within one level of a node, a matrix along another */
    SETTLE,    /* node: open until now, from now on settled */
    CLOSE,     /* node, whether its prior is weighed too: its levels explain their findings, and are summed away */
    PUSH,      /* a new tensor: 1 */
    MEET,      /* the tensor on top is taken into the one below it, which has all of its nodes */
    MARK,      /* step: what this step leaves stands on top */
    LOAD,      /* step: what it left in the plain program */
    END        /* step: the program ends where what it leaves is what the plain program goes on with */
};

typedef double Vec __attribute__((vector_size(8 * LANES)));

/* A program over joined causes: nodes 0 .. nodes - 1 when settled, and as many above them while they are open. */
typedef struct {
    const int32_t *code;
    const double *fixed;   /* (matrices, TOP, TOP) */
    const int32_t *count;  /* (nodes,) levels of each node */
    const int32_t *state;  /* (nodes, TOP) state of each level */
    const int32_t *muted;  /* (nodes, TOP) whether a level may produce no finding */
    const int32_t *joined; /* (nodes, TOP, TOP) the level of one that is pushed to two */
    int64_t room;          /* cells of all tensors together */
    int32_t n, tag, start; /* start: number of its first instruction among those of all programs */
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
    Shape s;
    uint32_t bits; /* the findings that something in it can have explained */
    Vec *x;        /* (cells, masks) */
} Tensor;

typedef struct {
    uint32_t a, b, c;
} Triple; /* cells of two tensors that meet, and of what they give */

/* The cells that go together where an instruction makes two tensors meet: kept while the sizes are the same. */
typedef struct {
    Shape a;
    Triple *triples;
    size_t count, most;
} Met;

typedef struct {
    const Causes *c;
    int k;              /* findings of each person */
    size_t masks;       /* sets of them */
    Vec *room, *top, *end; /* where tensors stand, where the next may, and where those of the way there end */
    Vec *some;          /* (4 * masks,) */
    Tensor stack[MAX_DEPTH];
    int depth;
    Tensor *before, *with; /* (instructions,) what was closed; the two that met */
    Tensor *left, *back;   /* (steps,) what a step left on the way there, and the weight of each cell of it */
    Vec *kept_back;        /* where the latter stand */
    Met *met;                  /* (instructions of all programs,) */
    int32_t *first, *finding; /* (variables * states + 1,), (entries,): what a state of a variable produces */
    Vec *explains, *fails;    /* (entries,) an entry explains its finding, or not */
    Vec *hush;                /* (variables, states) none of its findings arises */
    Vec *all;                 /* (k, variables, states) all entries, also those that nobody has */
    uint8_t *used;            /* (k, variables, states) which somebody has */
    uint8_t (*reach)[LANES];  /* (variables,) whether a variable produces a finding of a person */
    uint32_t *bits;           /* (variables,) findings that somebody here has and a variable produces */
    Vec *leak;                /* (k,) of what is not listed */
    Vec *full, *quiet;     /* (variables, states) out: weight of a state; without a finding of its own */
    int failed;
} Run;

static int find_dim(const Shape *s, int id) {
    int i = 0;
    while (s->id[i] != id) i++;
    return i;
}

static size_t cells(const Shape *s) { return product(s, 0, s->n); }
static size_t masks_of(uint32_t bits) { return (size_t)1 << __builtin_popcount(bits); }

static int entries(const Run *r, int v, int s) {
    const int32_t *first = r->first + v * r->c->states + s;
    return first[1] - first[0];
}

/* Where each set of some findings stands among the sets of more. */
static void spread(uint32_t bits, uint32_t within, uint16_t *at) {
    size_t count = 1;
    at[0] = 0;
    uint16_t place = 1;
    for (uint32_t f = 0; within >> f; f++) {
        if (!(within >> f & 1)) continue;
        if (bits >> f & 1) {
            for (size_t m = 0; m < count; m++) at[count + m] = (uint16_t)(at[m] + place);
            count *= 2;
        }
        place = (uint16_t)(place * 2);
    }
}

#define INLINE static inline __attribute__((always_inline))

/* One call for each small number of masks, so that its loops are unrolled. */
#define BY_MASKS(COUNT, CALL)                                              \
    switch (COUNT) {                                                       \
    case 1: CALL(1); break;                                                \
    case 2: CALL(2); break;                                                \
    case 4: CALL(4); break;                                                \
    case 8: CALL(8); break;                                                \
    default: CALL(COUNT); break;                                           \
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

/* A state of a variable explains what it produces; `x` are the masks of one cell, of the findings `bits`. */
INLINE void explain(const Run *r, size_t masks, Vec *x, uint32_t bits, int v, int s, int transposed) {
    const int32_t *first = r->first + v * r->c->states + s;
    for (int32_t e = first[0]; e < first[1]; e++) {
        const Vec p = r->explains[e], q = r->fails[e];
        const int f = masks == 2 ? 0 : __builtin_popcount(bits & (((uint32_t)1 << r->finding[e]) - 1));
        if (f == 0) explain_one(x, masks, 1, p, q, transposed);
        else if (f == 1) explain_one(x, masks, 2, p, q, transposed);
        else if (f == 2) explain_one(x, masks, 4, p, q, transposed);
        else if (masks > 8) explain_one(x, masks, (size_t)1 << f, p, q, transposed);
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

static void apply(const Program *g, const Tensor *t, const int32_t *p, int transposed) {
    const Shape *s = &t->s;
    const int pv = find_dim(s, p[1]), pd = find_dim(s, p[3]), size = s->size[pd];
    if (p[2] >= s->size[pv]) return; /* a level that nobody here has */
    const double *w = g->fixed + (size_t)p[4] * TOP * TOP;
    const int hi = pv < pd ? pv : pd, lo = pv < pd ? pd : pv;
    const size_t run = product(s, lo + 1, s->n) * masks_of(t->bits);
    const size_t mid = product(s, hi + 1, lo), sm = run * (size_t)s->size[lo];
    const size_t outer = product(s, 0, hi), so = mid * sm * (size_t)s->size[hi];
    const size_t step_v = pv == hi ? mid * sm : run, step_d = pd == hi ? mid * sm : run;
    matrix(t->x + (size_t)p[2] * step_v, outer, so, mid, sm, run, step_d, size, w, transposed);
}

/* ---- a new node ---- */

static void opening(const Run *r, int node, int size, const Vec *prior, Vec *w) {
    const int v = r->c->joined[node % r->c->nodes];
    for (int k = 0; k < size; k++) w[k] = k < r->c->n_states[v] ? prior[v * r->c->states + k] : (Vec){0};
}

static void open_node(Run *r, Tensor *t, const int32_t *p, int size, const Vec *prior) {
    const size_t count = cells(&t->s) * masks_of(t->bits);
    Vec *const x = t->x;
    if (p[0] == PRIOR) {
        Vec w[TOP];
        opening(r, p[1], size, prior, w);
        for (int k = size - 1; k >= 0; k--)
            for (size_t i = 0; i < count; i++) x[(size_t)k * count + i] = w[k] * x[i];
    } else if (p[0] == ONES) {
        for (int k = 1; k < size; k++) memcpy(x + (size_t)k * count, x, count * sizeof(Vec));
    } else {
        memset(x + count, 0, (size_t)(size - 1) * count * sizeof(Vec));
    }
    insert_dim(&t->s, 0, p[1], size);
    r->top = x + count * (size_t)size;
}

static void undo_open(Run *r, Tensor *t, const int32_t *p, const Vec *prior) {
    const int size = t->s.size[0];
    remove_dim(&t->s, 0);
    const size_t count = cells(&t->s) * masks_of(t->bits);
    Vec *const x = t->x;
    if (p[0] == PRIOR) {
        Vec w[TOP];
        opening(r, p[1], size, prior, w);
        for (size_t i = 0; i < count; i++) {
            Vec sum = w[0] * x[i];
            for (int k = 1; k < size; k++) sum += w[k] * x[(size_t)k * count + i];
            x[i] = sum;
        }
    } else if (p[0] == ONES) {
        for (int k = 1; k < size; k++)
            for (size_t i = 0; i < count; i++) x[i] += x[(size_t)k * count + i];
    }
    r->top = x + count;
}

/* joined: NULL where a level is a state, so that of two the higher holds. */
INLINE void bring_by(Vec *x, size_t outer, size_t run, int size, int states, const int32_t *joined, const Vec *w,
                     int transposed) {
    for (size_t o = 0; o < outer; o++, x += (size_t)size * run)
        for (size_t i = 0; i < run; i++) {
            Vec before[TOP], after[TOP];
            for (int k = 0; k < size; k++) {
                before[k] = x[(size_t)k * run + i];
                after[k] = (Vec){0};
            }
            for (int k = 0; k < size; k++)
                for (int l = 0; l < states; l++) {
                    const int to = joined ? joined[k * TOP + l] : k > l ? k : l;
                    if (transposed) after[k] += w[l] * before[to];
                    else after[to] += w[l] * before[k];
                }
            for (int k = 0; k < size; k++) x[(size_t)k * run + i] = after[k];
        }
}

/* x <- the levels of an open node, each pushed to what is there without any push; or the adjoint of it. */
static void bring(const Run *r, const Program *g, Tensor *t, int node, const Vec *prior, int transposed) {
    const int d = find_dim(&t->s, node), size = t->s.size[d], v = node - r->c->nodes;
    const size_t outer = product(&t->s, 0, d), run = product(&t->s, d + 1, t->s.n) * masks_of(t->bits);
    const int all = r->c->n_states[r->c->joined[v]], states = size < all ? size : all;
    Vec w[TOP];
    opening(r, node, size, prior, w);
    if (size == 2 && states == 2) {
        if (transposed) bring_by(t->x, outer, run, 2, 2, NULL, w, 1);
        else bring_by(t->x, outer, run, 2, 2, NULL, w, 0);
    } else if (size == 3 && states == 3) {
        if (transposed) bring_by(t->x, outer, run, 3, 3, NULL, w, 1);
        else bring_by(t->x, outer, run, 3, 3, NULL, w, 0);
    } else {
        bring_by(t->x, outer, run, size, states, g->joined + v * TOP * TOP, w, transposed);
    }
}

/* ---- a node is summed away ---- */

static void closing(const Run *r, const Program *g, const int32_t *p, int size, const Vec *prior, const Vec *unary,
                    Vec *w) {
    for (int k = 0; k < size; k++) {
        const int at = r->c->joined[p[1]] * r->c->states + g->state[p[1] * TOP + k];
        w[k] = p[1] == g->tag && k == 0 ? (Vec){0} : p[2] ? prior[at] * unary[at] : unary[at];
    }
}

/* What a node that closes is: its levels, their weights, and where the masks go. */
typedef struct {
    int v, size, any;
    int state[TOP], explains[TOP];
    Vec weight[TOP];
    size_t outer, inner, narrow; /* narrow: masks before */
    uint32_t bits;               /* findings afterwards */
    uint16_t at[1 << MOST_FINDINGS];
} Closing;

static void close_by_plan(const Run *r, const Program *g, const Tensor *t, const int32_t *p, const Vec *prior,
                          const Vec *unary, Closing *c) {
    const int node = p[1];
    const int d = find_dim(&t->s, node), S = r->c->states;
    Vec w[TOP];
    c->v = r->c->joined[node];
    c->size = t->s.size[d];
    c->outer = product(&t->s, 0, d);
    c->inner = product(&t->s, d + 1, t->s.n);
    c->narrow = masks_of(t->bits);
    c->bits = t->bits;
    c->any = 0;
    closing(r, g, p, c->size, prior, unary, w);
    for (int k = 0; k < c->size; k++) {
        const int s = c->state[k] = g->state[node * TOP + k];
        c->weight[k] = w[k];
        c->explains[k] = 0;
        if (!k || !entries(r, c->v, s)) continue;
        if (g->muted[node * TOP + k]) c->weight[k] = w[k] * r->hush[c->v * S + s];
        else c->any = c->explains[k] = 1;
    }
    if (c->any) {
        c->bits |= r->bits[c->v];
        spread(t->bits, c->bits, c->at);
    }
}

INLINE void close_by(const Run *r, size_t masks, const Closing *c, const Vec *x, Vec *y) {
    const size_t narrow = c->narrow, run = c->inner * narrow;
    const Vec none = {0};
    Vec few[8], *const some = masks <= 8 ? few : r->some;
    for (size_t o = 0; o < c->outer; o++, x += (size_t)c->size * run)
        for (size_t i = 0; i < c->inner; i++, y += masks) {
            const Vec *from = x + i * narrow;
            if (narrow == masks) {
                for (size_t m = 0; m < masks; m++) y[m] = c->weight[0] * from[m];
            } else {
                for (size_t m = 0; m < masks; m++) y[m] = none;
                for (size_t m = 0; m < narrow; m++) y[c->at[m]] = c->weight[0] * from[m];
            }
            for (int k = 1; k < c->size; k++) {
                from += run;
                if (c->explains[k]) {
                    if (narrow == masks) {
                        for (size_t m = 0; m < masks; m++) some[m] = from[m];
                    } else {
                        for (size_t m = 0; m < masks; m++) some[m] = none;
                        for (size_t m = 0; m < narrow; m++) some[c->at[m]] = from[m];
                    }
                    explain(r, masks, some, c->bits, c->v, c->state[k], 0);
                    for (size_t m = 0; m < masks; m++) y[m] += c->weight[k] * some[m];
                } else {
                    for (size_t m = 0; m < narrow; m++) y[c->at[m]] += c->weight[k] * from[m];
                }
            }
        }
}

/* Where no level explains anything. */
static void close_plainly(const Closing *c, const Vec *x, Vec *y) {
    const size_t run = c->inner * c->narrow;
    for (size_t o = 0; o < c->outer; o++, x += (size_t)c->size * run, y += run) {
        if (c->size == 1)
            for (size_t i = 0; i < run; i++) y[i] = c->weight[0] * x[i];
        else if (c->size == 2)
            for (size_t i = 0; i < run; i++) y[i] = c->weight[0] * x[i] + c->weight[1] * x[run + i];
        else
            for (size_t i = 0; i < run; i++) {
                Vec sum = c->weight[0] * x[i] + c->weight[1] * x[run + i];
                for (int k = 2; k < c->size; k++) sum += c->weight[k] * x[(size_t)k * run + i];
                y[i] = sum;
            }
    }
}

static void close_node(Run *r, const Program *g, Tensor *t, const int32_t *p, const Vec *prior, const Vec *unary) {
    Closing c;
    close_by_plan(r, g, t, p, prior, unary, &c);
    const size_t masks = masks_of(c.bits);
    Vec *const y = r->top;
    if (!c.any) {
        close_plainly(&c, t->x, y);
    } else {
#define CALL(MASKS) close_by(r, MASKS, &c, t->x, y)
        BY_MASKS(masks, CALL)
#undef CALL
    }
    remove_dim(&t->s, find_dim(&t->s, p[1]));
    t->x = y;
    t->bits = c.bits;
    r->top = y + cells(&t->s) * masks;
}

/* The way back of the same: what was summed over the levels is spread over them again, from x to y, and `full` and
 * `quiet` of the variable are added up. x and y may begin at the same place where there are as many masks.
 * a: the tensor before the node closed. */
INLINE void undo_by(Run *r, size_t masks, const Closing *c, const Vec *x, Vec *y, const Vec *a) {
    const size_t narrow = c->narrow;
    Vec full[TOP] = {{0}}, quiet[TOP] = {{0}};
    Vec few[16], *const b = masks <= 8 ? few : r->some, *const z = b + masks;
    for (size_t o = c->outer; o-- > 0;)
        for (size_t i = 0; i < c->inner; i++) {
            for (size_t m = 0; m < masks; m++) b[m] = x[(o * c->inner + i) * masks + m];
            for (int k = 0; k < c->size; k++) {
                const size_t at = ((o * (size_t)c->size + (size_t)k) * c->inner + i) * narrow;
                Vec sum = {0};
                if (c->explains[k]) {
                    for (size_t m = 0; m < masks; m++) z[m] = c->weight[k] * b[m];
                    if (narrow == masks)
                        for (size_t m = 0; m < masks; m++) sum += a[at + m] * z[m];
                    else
                        for (size_t m = 0; m < narrow; m++) sum += a[at + m] * z[c->at[m]];
                    quiet[k] += sum;
                    explain(r, masks, z, c->bits, c->v, c->state[k], 1);
                    sum = (Vec){0};
                    if (narrow == masks)
                        for (size_t m = 0; m < masks; m++) {
                            sum += a[at + m] * z[m];
                            y[at + m] = z[m];
                        }
                    else
                        for (size_t m = 0; m < narrow; m++) {
                            sum += a[at + m] * z[c->at[m]];
                            y[at + m] = z[c->at[m]];
                        }
                } else if (narrow == masks) {
                    for (size_t m = 0; m < masks; m++) {
                        const Vec one = c->weight[k] * b[m];
                        sum += a[at + m] * one;
                        y[at + m] = one;
                    }
                } else {
                    for (size_t m = 0; m < narrow; m++) {
                        const Vec one = c->weight[k] * b[c->at[m]];
                        sum += a[at + m] * one;
                        y[at + m] = one;
                    }
                }
                full[k] += sum;
            }
        }
    const int S = r->c->states;
    for (int k = 0; k < c->size; k++) {
        r->full[c->v * S + k] = full[k];
        r->quiet[c->v * S + k] = c->explains[k] ? quiet[k] * r->hush[c->v * S + k] : full[k];
    }
}

static void undo_close(Run *r, const Program *g, Tensor *t, const Tensor *before, const int32_t *p,
                       const Vec *prior, const Vec *unary) {
    Closing c;
    close_by_plan(r, g, before, p, prior, unary, &c);
    if (!c.any) {
        c.bits = before->bits;
        for (size_t m = 0; m < c.narrow; m++) c.at[m] = (uint16_t)m;
    }
    const size_t masks = masks_of(c.bits), size = cells(&before->s) * c.narrow;
    Vec *const y = masks == c.narrow ? t->x : r->top;
#define CALL(MASKS) undo_by(r, MASKS, &c, t->x, y, before->x)
    BY_MASKS(masks, CALL)
#undef CALL
    if (y != t->x) memmove(t->x, y, size * sizeof(Vec));
    t->s = before->s;
    t->bits = before->bits;
    r->top = t->x + size;
}

/* ---- two tensors meet ---- */

/* Which of the findings of two tensors each has, the first first; returns how many there are in all. */
enum { MINE = 1, OTHERS = 2, BOTH = 3 };
static int whose(uint32_t a, uint32_t b, uint8_t *has) {
    int n = 0;
    for (uint32_t f = 0; (a | b) >> f; f++)
        if ((a | b) >> f & 1) has[n++] = (uint8_t)((a >> f & 1) | (b >> f & 1) << 1);
    return n;
}

static size_t masks_in(const uint8_t *has, int n, int which) {
    size_t masks = 1;
    for (int i = 0; i < n; i++)
        if (has[i] & which) masks *= 2;
    return masks;
}

/* The same of two tensors that have both the same one or two findings. Every product is added by itself and in the
 * order in which the recursion below adds it, so that a finding that only a neighbour has changes no rounding. */
INLINE void both_1(const Vec *a, const Vec *b, Vec *out) {
    out[0] += a[0] * b[0];
    out[1] = out[1] + a[0] * b[1] + a[1] * (b[0] + b[1]);
}

INLINE void both_2(const Vec *a, const Vec *b, Vec *out) {
    const Vec b02 = b[0] + b[2], b13 = b[1] + b[3];
    out[0] += a[0] * b[0];
    out[1] = out[1] + a[0] * b[1] + a[1] * (b[0] + b[1]);
    out[2] = out[2] + a[0] * b[2] + a[2] * b02;
    out[3] = out[3] + a[0] * b[3] + a[1] * (b[2] + b[3]) + a[2] * b13 + a[3] * (b02 + b13);
}

INLINE void part_1(Vec *a, const Vec *b, const Vec *g) {
    a[0] = a[0] + b[0] * g[0] + b[1] * g[1];
    a[1] += (b[0] + b[1]) * g[1];
}

INLINE void part_2(Vec *a, const Vec *b, const Vec *g) {
    const Vec b02 = b[0] + b[2], b13 = b[1] + b[3];
    a[0] = a[0] + b[0] * g[0] + b[1] * g[1] + b[2] * g[2] + b[3] * g[3];
    a[1] = a[1] + (b[0] + b[1]) * g[1] + (b[2] + b[3]) * g[3];
    a[2] = a[2] + b02 * g[2] + b13 * g[3];
    a[3] += (b02 + b13) * g[3];
}

/* out += a and b together: a set is explained where what the one explained and what the other did make it up.
 * n findings, the last of which is the highest bit. */
static void both(const Vec *a, const Vec *b, Vec *out, const uint8_t *has, int n, Vec *spare) {
    if (n == 2 && has[0] == BOTH && has[1] == BOTH) {
        both_2(a, b, out);
        return;
    }
    if (n == 1 && has[0] == BOTH) {
        both_1(a, b, out);
        return;
    }
    if (n == 0) {
        out[0] += a[0] * b[0];
        return;
    }
    const size_t A = masks_in(has, n - 1, MINE), B = masks_in(has, n - 1, OTHERS);
    const size_t C = (size_t)1 << (n - 1);
    if (B == 1 && has[n - 1] == MINE && A == C) { /* the other has none of them */
        for (size_t m = 0; m < 2 * C; m++) out[m] += a[m] * b[0];
    } else if (A == 1 && has[n - 1] == OTHERS && B == C) {
        for (size_t m = 0; m < 2 * C; m++) out[m] += a[0] * b[m];
    } else if (has[n - 1] == MINE) {
        both(a, b, out, has, n - 1, spare);
        both(a + A, b, out + C, has, n - 1, spare);
    } else if (has[n - 1] == OTHERS) {
        both(a, b, out, has, n - 1, spare);
        both(a, b + B, out + C, has, n - 1, spare);
    } else {
        for (size_t m = 0; m < B; m++) spare[m] = b[m] + b[B + m];
        both(a, b, out, has, n - 1, spare + B);
        both(a, b + B, out + C, has, n - 1, spare + B);
        both(a + A, spare, out + C, has, n - 1, spare + B);
    }
}

/* The way back: a += what b and the weights g of the sets of both make each set of a worth. */
static void part(Vec *a, const Vec *b, const Vec *g, const uint8_t *has, int n, int mine, Vec *spare) {
    if (n == 2 && has[0] == BOTH && has[1] == BOTH) {
        part_2(a, b, g);
        return;
    }
    if (n == 1 && has[0] == BOTH) {
        part_1(a, b, g);
        return;
    }
    if (n == 0) {
        a[0] += b[0] * g[0];
        return;
    }
    const int others = mine ^ BOTH;
    const size_t A = masks_in(has, n - 1, mine), B = masks_in(has, n - 1, others);
    const size_t C = (size_t)1 << (n - 1);
    if (B == 1 && has[n - 1] == mine && A == C) {
        for (size_t m = 0; m < 2 * C; m++) a[m] += b[0] * g[m];
    } else if (has[n - 1] == mine) {
        part(a, b, g, has, n - 1, mine, spare);
        part(a + A, b, g + C, has, n - 1, mine, spare);
    } else if (has[n - 1] == others) {
        part(a, b, g, has, n - 1, mine, spare);
        part(a, b + B, g + C, has, n - 1, mine, spare);
    } else {
        for (size_t m = 0; m < B; m++) spare[m] = b[m] + b[B + m];
        part(a, b, g, has, n - 1, mine, spare + B);
        part(a, b + B, g + C, has, n - 1, mine, spare + B);
        part(a + A, spare, g + C, has, n - 1, mine, spare + B);
    }
}

/* The cells of two tensors that go together: at a settled node the same level of both, at an open one any two.
 * b has no node that a has not. */
static void pair_up(Run *r, const Program *g, const Shape *a, const Shape *b, Met *met) {
    size_t count = 1, mine = cells(a), most = 1;
    size_t step[MAX_DIMS];
    for (int d = 0; d < a->n; d++) {
        step[d] = 0;
        for (int e = 0; e < b->n; e++)
            if (b->id[e] == a->id[d]) step[d] = product(b, e + 1, b->n);
        const int open = a->id[d] >= r->c->nodes && step[d];
        most *= (size_t)a->size[d] * (size_t)(open ? a->size[d] : 1);
    }
    met->a = *a;
    met->count = 0;
    if (most > met->most) {
        Triple *more = realloc(met->triples, most * sizeof(Triple));
        if (!more) {
            r->failed = 1;
            met->a.n = -1;
            return;
        }
        met->triples = more;
        met->most = most;
    }
    Triple *t = met->triples;
    t[0] = (Triple){0, 0, 0};
    for (int d = 0; d < a->n; d++) {
        const int size = a->size[d], node = a->id[d] - r->c->nodes;
        mine /= (size_t)size;
        const uint32_t own = (uint32_t)mine, other = (uint32_t)step[d];
        const int open = node >= 0 && other;
        const size_t each = (size_t)size * (size_t)(open ? size : 1);
        for (size_t i = count; i-- > 0;) {
            const Triple from = t[i];
            Triple *to = t + i * each;
            for (int k = size - 1; k >= 0; k--) {
                const uint32_t at = (uint32_t)k * own;
                if (open)
                    for (int l = size - 1; l >= 0; l--) {
                        const int both = g->joined[(node * TOP + k) * TOP + l];
                        to[k * size + l] = (Triple){from.a + at, from.b + (uint32_t)l * other,
                                                    from.c + (uint32_t)both * own};
                    }
                else
                    to[k] = (Triple){from.a + at, from.b + (uint32_t)k * other, from.c + at};
            }
        }
        count *= each;
    }
    met->count = count;
}

static const Met *pairs_of(Run *r, const Program *g, int32_t n, const Shape *a, const Shape *b) {
    Met *met = r->met + g->start + n;
    if (met->a.n != a->n || memcmp(met->a.size, a->size, (size_t)a->n * sizeof(int)) != 0)
        pair_up(r, g, a, b, met);
    return met;
}

static void meet(Run *r, const Program *g, int32_t at, const Tensor *a, const Tensor *b, Tensor *out) {
    uint8_t has[MOST_FINDINGS];
    const Met *met = pairs_of(r, g, at, &a->s, &b->s);
    const size_t count = met->count;
    const int n = whose(a->bits, b->bits, has);
    const size_t A = masks_of(a->bits), B = masks_of(b->bits), C = (size_t)1 << n;
    const size_t size = cells(&a->s) * C;
    out->s = a->s;
    out->bits = a->bits | b->bits;
    out->x = r->top;
    r->top += size;
    memset(out->x, 0, size * sizeof(Vec));
    const Triple *t = met->triples;
    if (n == 0)
        for (size_t i = 0; i < count; i++) out->x[t[i].c] += a->x[t[i].a] * b->x[t[i].b];
    else
        for (size_t i = 0; i < count; i++)
            both(a->x + t[i].a * A, b->x + t[i].b * B, out->x + t[i].c * C, has, n, r->some);
}

/* Back from the weights w of what two tensors gave to those of the two, which then stand in its place. */
static void undo_meet(Run *r, const Program *g, int32_t at, const Tensor *a, const Tensor *b, const Tensor *w,
                      Tensor *mine, Tensor *other) {
    uint8_t has[MOST_FINDINGS];
    const Met *met = pairs_of(r, g, at, &a->s, &b->s);
    const size_t count = met->count;
    const int n = whose(a->bits, b->bits, has);
    const size_t A = masks_of(a->bits), B = masks_of(b->bits), C = (size_t)1 << n;
    const size_t first = cells(&a->s) * A, second = cells(&b->s) * B;
    Vec *const p = r->top, *const q = p + first, *const to = w->x;
    memset(p, 0, (first + second) * sizeof(Vec));
    const Triple *t = met->triples;
    if (n == 0)
        for (size_t i = 0; i < count; i++) {
            const Vec weight = w->x[t[i].c];
            p[t[i].a] += b->x[t[i].b] * weight;
            q[t[i].b] += a->x[t[i].a] * weight;
        }
    else
        for (size_t i = 0; i < count; i++) {
            const Vec *x = a->x + t[i].a * A, *y = b->x + t[i].b * B, *weight = w->x + t[i].c * C;
            part(p + t[i].a * A, y, weight, has, n, MINE, r->some);
            part(q + t[i].b * B, x, weight, has, n, OTHERS, r->some);
        }
    memmove(to, p, (first + second) * sizeof(Vec));
    *mine = (Tensor){a->s, a->bits, to};
    *other = (Tensor){b->s, b->bits, to + first};
    r->top = to + first + second;
}

/* ---- a program there and back ---- */

static Tensor copied(Vec **to, const Tensor *t) {
    const size_t size = cells(&t->s) * masks_of(t->bits);
    Tensor other = *t;
    other.x = *to;
    memcpy(other.x, t->x, size * sizeof(Vec));
    *to += size;
    return other;
}

/* Runs a program; what it ends with stands on the stack. dead: (nodes,) a node that nobody here has.
 * keep: what each step leaves is kept in `left`. Returns the weight of the end of a program that has one. */
static Vec forward(Run *r, const Program *g, const Vec *prior, const Vec *unary, const uint8_t *dead, int keep) {
    r->depth = 0;
    for (int32_t n = 0; n < g->n; n++) {
        const int32_t *p = g->code + (size_t)n * WORDS;
        Tensor *t = r->stack + r->depth - 1;
        switch (p[0]) {
        case PRIOR:
        case ONES:
        case FRESH: open_node(r, t, p, dead[p[1] % r->c->nodes] ? 1 : p[2], prior); break;
        case BRING: bring(r, g, t, p[1], prior, 0); break;
        case APPLY: apply(g, t, p, 0); break;
        case SETTLE: t->s.id[find_dim(&t->s, p[1] + r->c->nodes)] = p[1]; break;
        case CLOSE:
            r->before[n] = *t;
            close_node(r, g, t, p, prior, unary);
            break;
        case PUSH:
            t++;
            r->depth++;
            t->s.n = 0;
            t->bits = 0;
            t->x = r->top++;
            t->x[0] = (Vec){0} + 1.0;
            break;
        case MEET:
            r->before[n] = t[-1];
            r->with[n] = t[0];
            meet(r, g, n, r->before + n, r->with + n, t - 1);
            r->depth--;
            break;
        case MARK:
            if (keep) {
                r->left[p[1]] = *t;
                *t = copied(&r->top, t);
            }
            break;
        case LOAD:
            r->depth++;
            t[1] = copied(&r->top, r->left + p[1]);
            break;
        case END: {
            const Tensor *w = r->back + p[1];
            const size_t count = cells(&t->s), narrow = masks_of(t->bits), masks = masks_of(w->bits);
            uint16_t *at = (uint16_t *)r->some;
            spread(t->bits, w->bits, at);
            Vec sum = {0};
            for (size_t i = 0; i < count; i++)
                for (size_t m = 0; m < narrow; m++) sum += t->x[i * narrow + m] * w->x[i * masks + at[m]];
            return sum;
        }
        }
    }
    return (Vec){0};
}

/* The way back, adjoint of the way there; fills `full` and `quiet` of the joined variables. On the stack stand the
 * weights of what the program ended with. keep: the weights of what each step left are kept in `back`. */
static void backward(Run *r, const Program *g, const Vec *prior, const Vec *unary, int keep) {
    Vec *kept = r->kept_back;
    for (int32_t n = g->n - 1; n >= 0; n--) {
        const int32_t *p = g->code + (size_t)n * WORDS;
        Tensor *t = r->stack + r->depth - 1;
        switch (p[0]) {
        case PRIOR:
        case ONES:
        case FRESH: undo_open(r, t, p, prior); break;
        case BRING: bring(r, g, t, p[1], prior, 1); break;
        case APPLY: apply(g, t, p, 1); break;
        case SETTLE: t->s.id[find_dim(&t->s, p[1])] = p[1] + r->c->nodes; break;
        case CLOSE: undo_close(r, g, t, r->before + n, p, prior, unary); break;
        case PUSH:
            r->top = t->x;
            r->depth--;
            break;
        case MEET: {
            const Tensor w = *t;
            undo_meet(r, g, n, r->before + n, r->with + n, &w, t, t + 1);
            r->depth++;
            break;
        }
        case MARK:
            if (keep) r->back[p[1]] = copied(&kept, t);
            break;
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

/* A variable that nothing joins: y <- x summed over its states, each with what it explains. */
static void apart_forward(const Run *r, const Vec *x, Vec *y, int v, const Vec *prior, const Vec *unary) {
    const int n = r->c->n_states[v];
    const Vec w0 = weight(r, v, 0, prior, unary);
    for (size_t m = 0; m < r->masks; m++) y[m] = w0 * x[m];
    for (int k = 1; k < n; k++) {
        const Vec w = weight(r, v, k, prior, unary);
        memcpy(r->some, x, r->masks * sizeof(Vec));
        explain(r, r->masks, r->some, (uint32_t)r->masks - 1, v, k, 0);
        for (size_t m = 0; m < r->masks; m++) y[m] += w * r->some[m];
    }
}

static void apart_backward(const Run *r, Vec *x, int v, const Vec *prior, const Vec *unary, const Vec *before) {
    const int S = r->c->states, n = r->c->n_states[v];
    Vec *const from = r->some, *const y = from + r->masks;
    memcpy(from, x, r->masks * sizeof(Vec));
    for (int k = 0; k < n; k++) {
        const Vec w = weight(r, v, k, prior, unary), none = {0};
        Vec full = none, quiet = none;
        memcpy(y, from, r->masks * sizeof(Vec));
        for (size_t m = 0; m < r->masks; m++) quiet += before[m] * y[m];
        if (k && entries(r, v, k)) {
            explain(r, r->masks, y, (uint32_t)r->masks - 1, v, k, 1);
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

/* x[m] <- the sum of x over the sets that, with m, make up all findings. */
static void completed(const Run *r, Vec *x) {
    for (size_t step = 1; step < r->masks; step *= 2)
        for (size_t b = 0; b < r->masks; b += 2 * step)
            for (size_t i = b; i < b + step; i++) x[i] += x[i + step];
    for (size_t m = 0, n = r->masks - 1; m < n; m++, n--) {
        const Vec one = x[m];
        x[m] = x[n];
        x[n] = one;
    }
}

/* The probability of the evidence of each person; fills `full` and `quiet`.
 * gone: (variables,) whom nobody here has. keep: for programs with a tag that follow. */
static Vec sweep(Run *r, const Vec *prior, const Vec *unary, const uint8_t *gone, int keep) {
    const Causes *c = r->c;
    uint8_t dead[MAX_NODES];
    const size_t masks = r->masks;
    r->top = r->room;
    Vec *apart = r->top;
    apart[0] = (Vec){0} + 1.0;
    for (int f = 0; f < r->k; f++) {
        const size_t step = (size_t)1 << f;
        for (size_t m = 0; m < step; m++) {
            apart[m + step] = r->leak[f] * apart[m];
            apart[m] *= 1.0 - r->leak[f];
        }
    }
    for (int a = 0; a < c->n_apart; a++) {
        const int v = c->apart[a];
        if (gone[v] || !reaches(r, v)) continue;
        apart_forward(r, apart, apart + masks, v, prior, unary);
        apart += masks;
    }
    Vec *const others = apart + masks, *const weights = others + masks; /* what completes each set */
    r->top = weights + masks;
    for (int i = 0; i < c->nodes; i++) dead[i] = gone[c->joined[i]];
    forward(r, c->plain, prior, unary, dead, keep);
    Tensor *const t = r->stack;
    const size_t narrow = masks_of(t->bits);
    uint16_t *at = (uint16_t *)r->some;
    memcpy(others, apart, masks * sizeof(Vec));
    completed(r, others);
    spread(t->bits, (uint32_t)masks - 1, at);
    memset(weights, 0, masks * sizeof(Vec));
    Vec z = {0};
    Vec *const start = r->end = r->top;
    for (size_t m = 0; m < narrow; m++) {
        weights[at[m]] = t->x[m];
        start[m] = others[at[m]];
        z += t->x[m] * start[m];
    }
    completed(r, weights);
    t->x = start;
    r->top = start + narrow;
    backward(r, c->plain, prior, unary, keep);
    const Vec *before = apart;
    for (int a = c->n_apart - 1; a >= 0; a--) {
        const int v = c->apart[a];
        if (gone[v] || !reaches(r, v)) continue;
        before -= masks;
        apart_backward(r, weights, v, prior, unary, before);
    }
    return z;
}

/* The probability that the findings are there and no listed cause produced any of them. */
static Vec silent(Run *r, const Vec *prior, const Vec *unary, const uint8_t *nobody, Vec *hushed) {
    const Causes *c = r->c;
    const int S = c->states;
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
    /* the plain program, as of people without findings */
    static const int32_t no_entries[MAX_NODES * TOP + 1];
    int32_t *const first = r->first;
    r->first = (int32_t *)no_entries;
    r->top = r->room;
    forward(r, c->plain, prior, hushed, nobody, 0);
    r->first = first;
    return factor * r->stack[0].x[0];
}

static double clipped(double x) { return x > 0 ? x : 0; }

/* What causes bring through others, added to `own` (variables); see cohort/lanes.py and assess.posterior. */
static void through(Run *r, const Vec *prior, const Vec *unary, const Vec *present,
                    Vec *contributes, const double *usable, double *lost, double least, double most,
                    Vec *spare) {
    const Causes *c = r->c;
    const int S = c->states, V = c->variables;
    Vec *prior2 = spare, *unary2 = prior2 + (size_t)V * S;
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
    const Vec z = sweep(r, prior2, unary2, gone, 1);
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
    uint8_t dead[MAX_NODES];
    for (int i = 0; i < c->nodes; i++) dead[i] = gone[c->joined[i]];
    Vec *const after = r->end; /* what the steps left stands before it */
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
        r->top = after;
        const Vec quiet = forward(r, g, prior2, unary2, dead, 0);
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
    memset(r->bits, 0, (size_t)r->c->variables * sizeof(uint32_t));
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
                r->bits[f->place[e] / r->c->states] |= (uint32_t)1 << k;
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
 * present, contributes: (variables, all), of which rows begin `row` apart; nothing: (all,); lost: (all,) whose numbers
 * a double cannot hold.
 * What is said of a person depends on nobody else. Returns 0, or 1 where memory ran out. */
int STILLWELL_PEOPLE(const Causes *c, const Findings *f, const Columns *prior, const Columns *unary, int64_t all,
                     int64_t row, const int64_t *at, int64_t people, double least, double most, double *present,
                     double *contributes, double *nothing, uint8_t *lost) {
    const int V = c->variables, S = c->states;
    const size_t weights = (size_t)V * (size_t)S, masks = (size_t)1 << f->k, k_weights = (size_t)f->k * weights;
    size_t room = 0;
    int32_t longest = c->plain->n, steps = 0, instructions = c->plain->n;
    for (int i = 0; i < c->nodes; i++) {
        if ((size_t)c->tagged[i].room > room) room = (size_t)c->tagged[i].room;
        if (c->tagged[i].n > longest) longest = c->tagged[i].n;
        instructions += c->tagged[i].n;
    }
    for (int32_t n = 0; n < c->plain->n; n++) steps += c->plain->code[(size_t)n * WORDS] == MARK;
    /* the way there, and back with room for what is on the move; or a program with a tag */
    const size_t plain = (size_t)c->plain->room;
    room = plain + (room > 3 * plain ? room : 3 * plain) + (size_t)c->n_apart + 4;
    Run r = {0};
    r.c = c;
    r.k = f->k;
    r.masks = masks;
    r.room = space(room * masks);
    r.kept_back = space(plain * masks);
    r.some = space(4 * masks);
    Vec *spare = space(2 * weights);
    Vec *block = space(5 * weights + 2 * (size_t)V + 3 * k_weights + (size_t)f->k);
    r.before = malloc((size_t)longest * sizeof(Tensor));
    r.with = malloc((size_t)longest * sizeof(Tensor));
    r.left = malloc((size_t)steps * sizeof(Tensor));
    r.back = malloc((size_t)steps * sizeof(Tensor));
    r.met = calloc((size_t)instructions, sizeof(Met));
    r.first = malloc((weights + 1 + k_weights) * sizeof(int32_t));
    r.used = malloc(k_weights + 1);
    r.reach = malloc((size_t)V * LANES);
    r.bits = malloc((size_t)V * sizeof(uint32_t));
    if (!r.room || !r.kept_back || !r.some || !spare || !block || !r.before || !r.with || !r.left || !r.back || !r.met ||
        !r.first || !r.used || !r.reach || !r.bits) {
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
        const Vec z = sweep(&r, pr, un, nobody, 0);
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
            through(&r, pr, un, there, own, usable, gone, least, most, spare);
        }
        for (int l = 0; l < here; l++) {
            nothing[place[l]] = quiet[l] / z[l];
            lost[place[l]] = gone[l] != 0;
        }
        for (int v = 0; v < V; v++)
            for (int l = 0; l < here; l++) {
                present[(int64_t)v * row + place[l]] = there[v][l];
                contributes[(int64_t)v * row + place[l]] = own[v][l] < there[v][l] ? own[v][l] : there[v][l];
            }
    }
done:
    free(r.room);
    free(r.kept_back);
    free(r.some);
    free(r.before);
    free(r.with);
    free(r.left);
    free(r.back);
    if (r.met)
        for (int32_t n = 0; n < instructions; n++) free(r.met[n].triples);
    free(r.met);
    free(r.first);
    free(r.used);
    free(r.reach);
    free(r.bits);
    free(block);
    free(spare);
    return r.failed;
}
