/* Looks for the order in which the sweep works through the edges, keeping few cells open.
 *
 * Nodes are variables and accumulators. A node is open from its first edge to its last. An edge a -> b
 * may be worked only when all edges into a are done. An order is a permutation of the nodes: the node
 * whose turn it is has its remaining edges worked. Every permutation is valid, so a local search may
 * move nodes freely. Cost: cells touched, summed over the edges. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int edge, other;
    unsigned char into; /* the edge ends here */
} End;

typedef struct {
    int n, n_edges;
    const double *log_size; /* (n,) while edges into it are missing */
    double *size, *later;   /* (n,) states of each node: then, and afterwards */
    double *rate;           /* (n_edges,) passes over one cell of all that is open */
    const int32_t *from, *to;
    int *start; /* of each node's part of `list` */
    End *list;  /* edges of each node */
    int *into;  /* edges into each node */
} Graph;

/* `cells` is a product of small whole numbers: exact, and the same on every machine, unlike its logarithm.
 * What a run has done so far lies in one block, so that it can be kept and gone on from. */
typedef struct {
    int *left, *into;
    unsigned char *done, *open;
    double cells, work, widest, limit;
    int32_t *sequence;
    int count;
    char *block; /* left, into, done, open */
    size_t size;
} Run;

enum { EVERY = 8 }; /* nodes between two places that a trial can go on from */

typedef struct {
    double cells, work, widest;
    char *block;
} Mark;

static void work_edge(const Graph *g, Run *r, int e);

static void make_ready(const Graph *g, Run *r, int v) {
    for (const End *k = g->list + g->start[v], *end = g->list + g->start[v + 1]; k < end && r->into[v]; k++)
        if (k->into && !r->done[k->edge]) work_edge(g, r, k->edge);
}

static void touch(const Graph *g, Run *r, int v) {
    if (r->open[v]) return;
    r->open[v] = 1;
    r->cells *= r->into[v] ? g->size[v] : g->later[v];
    if (r->cells > r->widest) r->widest = r->cells;
}

static void release(const Graph *g, Run *r, int v) {
    if (--r->left[v] == 0) r->cells /= r->into[v] ? g->size[v] : g->later[v];
}

static void work_edge(const Graph *g, Run *r, int e) {
    int a = g->from[e], b = g->to[e];
    if (r->into[a]) make_ready(g, r, a);
    touch(g, r, a);
    touch(g, r, b);
    r->done[e] = 1;
    r->work += g->rate[e] * r->cells;
    if (--r->into[b] == 0 && g->later[b] != g->size[b]) {
        r->cells = r->cells / g->size[b] * g->later[b];
        if (r->cells > r->widest) r->widest = r->cells;
    }
    if (r->sequence) r->sequence[r->count] = e;
    r->count++;
    release(g, r, a);
    release(g, r, b);
}

static void take_node(const Graph *g, Run *r, int v) {
    if (!r->left[v]) return;
    if (r->into[v]) make_ready(g, r, v);
    const End *end = g->list + g->start[v + 1];
    for (int pass = 0; pass < 2 && r->left[v]; pass++) /* first what is open anyway */
        for (const End *k = g->list + g->start[v]; k < end; k++)
            if (!r->done[k->edge] && (pass || r->open[k->other])) work_edge(g, r, k->edge);
}

static void reset(const Graph *g, Run *r) {
    for (int v = 0; v < g->n; v++) r->left[v] = g->start[v + 1] - g->start[v];
    memcpy(r->into, g->into, sizeof(int) * (size_t)g->n);
    memset(r->done, 0, (size_t)g->n_edges);
    memset(r->open, 0, (size_t)g->n);
    r->cells = r->widest = 1;
    r->work = 0;
    r->count = 0;
}

static double cost(const Graph *g, Run *r, const int32_t *order) {
    reset(g, r);
    for (int i = 0; i < g->n; i++) {
        take_node(g, r, order[i]);
        if (r->work > r->limit) break;
    }
    return r->work;
}

/* The same, of an order that equals the one that left the marks `before` up to the node `same`; leaves marks
 * of its own in `after`, from the first that is not shared on. */
static double cost_from(const Graph *g, Run *r, const int32_t *order, int same, const Mark *before,
                        Mark *after) {
    int at = same / EVERY;
    const Mark *mark = before + at;
    memcpy(r->block, mark->block, r->size);
    r->cells = mark->cells;
    r->work = mark->work;
    r->widest = mark->widest;
    r->count = 0;
    for (int i = at * EVERY; i < g->n; i++) {
        if (i % EVERY == 0 && i / EVERY > at) {
            Mark *here = after + i / EVERY;
            memcpy(here->block, r->block, r->size);
            here->cells = r->cells;
            here->work = r->work;
            here->widest = r->widest;
        }
        take_node(g, r, order[i]);
        if (r->work > r->limit) break;
    }
    return r->work;
}

/* The node that opens least, less what it lets close, comes next; with `sources`, nodes that edges start
 * from come before the others. `dear`: what an open node costs for each edge it still waits for. */
static void greedy(const Graph *g, Run *r, int32_t *order, double dear, int sources) {
    reset(g, r);
    unsigned char *taken = calloc((size_t)g->n, 1);
    if (!taken) return;
    for (int i = 0; i < g->n; i++) {
        int best = -1;
        double lowest = 0;
        for (int v = 0; v < g->n; v++) {
            if (taken[v]) continue;
            int starts = !sources;
            double grow = r->left[v] && !r->open[v] ? 0.0 : -g->log_size[v];
            for (int k = g->start[v]; k < g->start[v + 1]; k++) {
                int e = g->list[k].edge, other = g->list[k].other;
                starts |= g->from[e] == v;
                if (r->done[e]) continue;
                if (!r->open[other]) grow += g->log_size[other] + dear * r->left[other];
                if (r->left[other] == 1) grow -= g->log_size[other];
                if (g->from[e] == v && r->into[v]) grow += 0.5 * r->into[v];
            }
            if (!starts) grow += 1000;
            if (best < 0 || grow < lowest) {
                best = v;
                lowest = grow;
            }
        }
        order[i] = best;
        taken[best] = 1;
        take_node(g, r, best);
    }
    free(taken);
}

/* Finds an order. `order` (n,) holds a first proposal and the result; `sequence` (n_edges,) the edges in
 * the order in which they are to be worked. `patience`: moves tried, times the edges that each goes
 * over, for each unit of the best cost; at most `most`, after a first `least` moves. Deterministic. Returns the cost, or -1 without memory. */
double stillwell_order(int32_t n, const double *log_size, const double *log_later, int32_t n_edges, const int32_t *from,
                       const int32_t *to, const double *work, int32_t *order, int32_t *sequence,
                       double patience, int32_t least, int32_t most, double *widest) {
    Graph g = {n, n_edges, log_size, NULL, NULL, NULL, from, to, NULL, NULL, NULL};
    Run r = {0};
    size_t un = (size_t)n + 1, ue = (size_t)n_edges + 1;
    g.start = calloc(un + 1, sizeof(int));
    g.list = calloc(2 * ue, sizeof(End));
    g.size = malloc(un * sizeof(double));
    g.later = malloc(un * sizeof(double));
    g.rate = malloc(ue * sizeof(double));
    g.into = calloc(un, sizeof(int));
    r.size = 2 * un * sizeof(int) + ue + un;
    r.block = calloc(r.size, 1);
    const int marks = n / EVERY + 1;
    Mark *before = calloc((size_t)marks, sizeof(Mark)), *after = calloc((size_t)marks, sizeof(Mark));
    char *blocks = malloc(2 * (size_t)marks * r.size);
    int32_t *best = malloc(un * sizeof(int32_t)), *now = malloc(un * sizeof(int32_t));
    int32_t *trial = malloc(un * sizeof(int32_t));
    double found = -1;
    if (!g.size || !g.later || !g.rate || !g.start || !g.list || !g.into || !r.block || !before || !after ||
        !blocks || !best || !now || !trial)
        goto done;
    r.left = (int *)r.block;
    r.into = r.left + un;
    r.done = (unsigned char *)(r.into + un);
    r.open = r.done + ue;
    for (int k = 0; k < marks; k++) {
        before[k].block = blocks + 2 * (size_t)k * r.size;
        after[k].block = before[k].block + r.size;
    }
    for (int v = 0; v < n; v++) {
        g.size[v] = round(exp2(log_size[v]));
        g.later[v] = round(exp2(log_later[v]));
    }
    for (int e = 0; e < n_edges; e++) {
        g.rate[e] = work[e] / g.later[from[e]];
        g.start[from[e] + 1]++;
        g.start[to[e] + 1]++;
        g.into[to[e]]++;
    }
    for (int v = 0; v < n; v++) g.start[v + 1] += g.start[v];
    for (int e = 0; e < n_edges; e++) { /* r.left counts how many are filled in */
        g.list[g.start[from[e]] + r.left[from[e]]++] = (End){e, to[e], 0};
        g.list[g.start[to[e]] + r.left[to[e]]++] = (End){e, from[e], 1};
    }
    r.limit = INFINITY;
    memcpy(best, order, sizeof(int32_t) * (size_t)n);
    found = cost(&g, &r, best);
    if (patience > 0) {
        for (int k = 0; k < 4; k++) {
            greedy(&g, &r, trial, k % 2 ? 0.1 : 0.02, k / 2);
            r.limit = found;
            double c = cost(&g, &r, trial);
            if (c < found) {
                found = c;
                memcpy(best, trial, sizeof(int32_t) * (size_t)n);
            }
        }
    }
    double current = found;
    memcpy(now, best, sizeof(int32_t) * (size_t)n);
    reset(&g, &r);
    memcpy(before[0].block, r.block, r.size);
    before[0].cells = before[0].widest = 1;
    r.limit = INFINITY;
    cost_from(&g, &r, now, 0, before, before);
    uint64_t random = 88172645463325252ULL;
    int32_t tries = patience > 0 && n > 2 ? least : 0, first = tries, begun = 0;
    for (int32_t t = 0; t < tries; t++) {
        if (t == first - 1) { /* how long the second part takes is decided by what the first found */
            double budget = patience * found / n_edges;
            tries += budget > most ? most : (int32_t)budget;
            begun = first;
        }
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        int i = (int)((random >> 8) % (uint64_t)n), j = (int)((random >> 36) % (uint64_t)n);
        if (i == j) continue;
        memcpy(trial, now, sizeof(int32_t) * (size_t)n);
        int32_t v = trial[i];
        if (i < j)
            memmove(trial + i, trial + i + 1, sizeof(int32_t) * (size_t)(j - i));
        else
            memmove(trial + j + 1, trial + j, sizeof(int32_t) * (size_t)(i - j));
        trial[j] = v;
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        double u = ((double)(random >> 11) + 1) / 9007199254740993.0;
        /* annealing on the logarithm of the cost */
        r.limit = current * pow(u, -0.05 * (1 - (double)(t - begun) / (tries - begun)));
        int same = i < j ? i : j;
        double c = cost_from(&g, &r, trial, same, before, after);
        if (c > r.limit) continue;
        current = c;
        for (int k = same / EVERY + 1; k < marks; k++) {
            Mark passed = before[k];
            before[k] = after[k];
            after[k] = passed;
        }
        int32_t *swap = now;
        now = trial;
        trial = swap;
        if (c < found) {
            found = c;
            memcpy(best, now, sizeof(int32_t) * (size_t)n);
        }
    }
    r.limit = INFINITY;
    r.sequence = sequence;
    found = cost(&g, &r, best);
    *widest = log2(r.widest);
    memcpy(order, best, sizeof(int32_t) * (size_t)n);
done:
    free(g.size);
    free(g.later);
    free(g.rate);
    free(g.start);
    free(g.list);
    free(g.into);
    free(r.block);
    free(before);
    free(after);
    free(blocks);
    free(best);
    free(now);
    free(trial);
    return found;
}
