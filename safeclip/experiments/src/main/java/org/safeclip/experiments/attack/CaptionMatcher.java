package org.safeclip.experiments.attack;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Tests whether a caption names a class: it contains the class's noun as whole words, case-sensitive, as in the data scripts of
 * SafeCLIP's authors.
 */
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
