package org.safeclip.experiments.attack;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Captions that name a class: its noun as whole words, case-sensitive, as in the authors' data scripts. */
public final class CaptionMatcher implements Predicate<String> {
    private final Pattern words;

    /** Matches captions that name {@code noun}. */
    public CaptionMatcher(String noun) {
        words = Pattern.compile("\\b" + Pattern.quote(noun) + "\\b", Pattern.UNICODE_CHARACTER_CLASS);
    }

    @Override
    public boolean test(String caption) {
        return words.matcher(caption).find();
    }
}
