package org.safeclip.experiments.run;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.safeclip.settings.InvalidInputException;

/**
 * How often a run saves its state within an epoch; it always does at the end of one.
 *
 * @param steps after that many steps, 0 for no such limit
 * @param time after that time, zero for no such limit
 */
public record CheckpointInterval(long steps, Duration time) {
    /** Every ten minutes. */
    public static final CheckpointInterval USUAL = new CheckpointInterval(0, Duration.ofMinutes(10));

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})\\s*(min|steps?)?");

    /**
     * Reads {@code 500} or {@code 500steps}, {@code 10min}, or {@code 0} for the end of an epoch only.
     *
     * @throws InvalidInputException if it is something else
     */
    public static CheckpointInterval parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new InvalidInputException("--checkpoint-every is " + text
                    + ", expected steps such as 500, minutes such as 10min, or 0 for the end of an epoch only");
        }
        int count = Integer.parseInt(matcher.group(1));
        return "min".equals(matcher.group(2))
                ? new CheckpointInterval(0, Duration.ofMinutes(count))
                : new CheckpointInterval(count, Duration.ZERO);
    }

    /** Whether the state is due to be saved. */
    boolean isDue(long stepsSince, Duration since) {
        return (steps > 0 && stepsSince >= steps) || (time.isPositive() && since.compareTo(time) >= 0);
    }
}
