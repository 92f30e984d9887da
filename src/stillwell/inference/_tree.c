/* Looks for an order in which nodes are settled or summed away at little cost; see tree.py. Knows arrays, not medicine.
 *
 * Moves one node at a time to another place and keeps what is cheaper, or dearer by less than a margin that shrinks to
 * nothing. The cost counts cells of the tensor of each step, and, where branches meet, pairs of cells. */
#include <stdint.h>
#include <string.h>

#define MOST 128

typedef unsigned __int128 Set;

typedef struct {
    int n;      /* causes: node v is cause v, node v + n the same while it is open */
    int nodes;  /* 2 n */
    const Set *near;
    const double *size;
    double cell, pair;
} Problem;

static Set only(int node) { return (Set)1 << node; }

static int lowest(Set s) {
    const uint64_t low = (uint64_t)s;
    return low ? __builtin_ctzll(low) : 64 + __builtin_ctzll((uint64_t)(s >> 64));
}

static double cells(const Problem *p, Set s) {
    double total = 1;
    for (; s; s &= s - 1) total *= p->size[lowest(s)];
    return total;
}

/* The cost of an order, or -1 where it is none: a node is summed away before it is settled, or something that is left
 * holds it both open and settled; or where it is more than `most`. */
static double cost_of(const Problem *p, const int32_t *order, int count, double most) {
    Set near[MOST], left[MOST], openings = (((Set)1 << p->n) - 1) << p->n, held = 0;
    int lefts = 0;
    uint8_t counts[MOST]; /* whether what is left has explained findings */
    memcpy(near, p->near, (size_t)p->nodes * sizeof(Set));
    Set there = 0;
    for (int i = 0; i < count; i++) there |= only(order[i]);
    double total = 0;
    for (int i = 0; i < count; i++) {
        const int node = order[i], open = node >= p->n;
        if (!open && there & only(node + p->n)) return -1;
        const Set others = near[node];
        if (open && others & only(node - p->n)) return -1;
        const Set rest = open ? others | only(node - p->n) : others;
        if ((rest & openings) >> p->n & rest) return -1;
        const double size = cells(p, others | only(node));
        total += p->cell * size;
        /* what earlier steps left and this one gathers: the largest is gone on with, the others meet it */
        int first = -1, some = !open;
        double largest = 0;
        for (int k = 0; k < lefts; k++)
            if (left[k] & only(node)) {
                const double own = cells(p, left[k]);
                if (own > largest) {
                    largest = own;
                    first = k;
                }
            }
        held = first < 0 ? 0 : left[first];
        int explained = first >= 0 && counts[first];
        for (int k = 0; k < lefts; k++) {
            if (k == first || !(left[k] & only(node))) continue;
            held |= left[k];
            const double pairs = cells(p, held) * cells(p, left[k] & openings);
            total += (explained && counts[k] ? p->pair : p->cell) * pairs;
            explained |= counts[k];
        }
        int kept = 0;
        for (int k = 0; k < lefts; k++)
            if (!(left[k] & only(node))) {
                left[kept] = left[k];
                counts[kept++] = counts[k];
            }
        left[kept] = rest;
        counts[kept] = (uint8_t)(explained | some);
        lefts = kept + 1;
        if (total > most) return -1;
        there &= ~only(node);
        for (Set s = others; s; s &= s - 1) near[lowest(s)] &= ~only(node);
        for (Set s = rest; s; s &= s - 1) {
            const int o = lowest(s);
            near[o] = (near[o] | rest) & ~only(o);
        }
    }
    return total;
}

static uint64_t next(uint64_t *state) { /* xorshift */
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* order: (count,) in: an order; out: the cheapest found. near: (2 n, 2 n) whether two nodes share something.
 * cell, pair: what a cell costs, and a pair of cells that meet. Returns its cost, or -1. */
double stillwell_tree(int32_t n, const uint8_t *near, const double *size, double cell, double pair, int32_t tries,
                      int32_t count, int32_t *order) {
    Set sets[MOST];
    int32_t now[MOST], other[MOST];
    if (2 * n > MOST || count < 2) return -1;
    for (int a = 0; a < 2 * n; a++) {
        sets[a] = 0;
        for (int b = 0; b < 2 * n; b++)
            if (near[(size_t)a * 2 * (size_t)n + b]) sets[a] |= only(b);
    }
    const Problem p = {n, 2 * n, sets, size, cell, pair};
    double cost = cost_of(&p, order, count, 1e300), best = cost;
    if (cost < 0) return -1;
    memcpy(now, order, (size_t)count * sizeof(int32_t));
    uint64_t state = 88172645463325252ULL;
    for (int32_t t = 0; t < tries; t++) {
        const int from = (int)(next(&state) % (uint64_t)count);
        int to = (int)(next(&state) % (uint64_t)count);
        if (next(&state) & 1) {
            to = from + to % 13 - 6;
            to = to < 0 ? 0 : to >= count ? count - 1 : to;
        }
        if (to == from) continue;
        memcpy(other, now, (size_t)count * sizeof(int32_t));
        const int32_t moved = other[from];
        if (to > from)
            memmove(other + from, other + from + 1, (size_t)(to - from) * sizeof(int32_t));
        else
            memmove(other + to + 1, other + to, (size_t)(from - to) * sizeof(int32_t));
        other[to] = moved;
        const double left = (double)(tries - t) / tries, chance = (double)(next(&state) >> 11) / 9007199254740992.0;
        const double found = cost_of(&p, other, count, cost * (1 + 0.4 * left * left * chance * chance));
        if (found < 0) continue;
        cost = found;
        memcpy(now, other, (size_t)count * sizeof(int32_t));
        if (cost < best) {
            best = cost;
            memcpy(order, now, (size_t)count * sizeof(int32_t));
        }
    }
    return best;
}
