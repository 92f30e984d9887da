"""Lists the words of a text that say something and were not understood."""

from __future__ import annotations

from stillwell.case.matching import Word
from stillwell.case.medicines_in_words import MedicineNames
from stillwell.case.sentences import NOT_SAID


class Leftovers:
    """Tells which of the words that no pattern used are worth showing.

    Args:
        names: medicine names, which are listed elsewhere.
        english: words in common use, each between line ends.
    """

    def __init__(self, names: MedicineNames, english: str) -> None:
        lexicon = names.lexicon
        self.small = lexicon["filler"] | lexicon["negation"] | lexicon["kin"] | lexicon["counted"]
        self.names = names
        self.english = english

    def phrases(self, words: list[Word], covered: set[int]) -> list[str]:
        """Runs of unused words that say something.

        A run is listed where its clause holds nothing that was understood, or where more than a common
        word stands in it: "hevy periods" must not vanish beside what was understood.
        """
        used = {words[i].clause for i in covered}
        listed = []
        for run in self._runs(words, covered):
            left = [i for i in run if self._tells(words[i])]
            if not left or all(words[i].kind == "body" for i in left):
                continue
            first, last = left[0], left[-1]
            alone = words[first].clause not in used
            if alone or len(left) > 1 or words[first].kind or self._odd(words[first]):
                listed.append(" ".join(words[i].raw for i in run if first <= i <= last))
        return listed

    def _runs(self, words: list[Word], covered: set[int]) -> list[list[int]]:
        runs: list[list[int]] = [[]]
        for i, word in enumerate(words):
            apart = word.mark or bool(word.whose) or i in covered
            if apart or (runs[-1] and words[runs[-1][-1]].clause != word.clause):
                runs.append([])
            if not apart:
                runs[-1].append(i)
        return runs

    def _tells(self, word: Word) -> bool:
        if word.raw in self.small or word.raw == NOT_SAID or word.raw[0].isdigit():
            return False
        return word.raw not in self.names.words

    def _odd(self, word: Word) -> bool:
        """A word that is no common English: likely a misspelling of something that matters."""
        return len(word.raw) >= 4 and f"\n{word.raw}\n" not in self.english
