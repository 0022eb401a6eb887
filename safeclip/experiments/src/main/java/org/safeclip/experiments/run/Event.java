package org.safeclip.experiments.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Something that happened while a method was trained: one line of {@code metrics.jsonl}, told apart by "event". */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StepEvent.class, name = "step"),
    @JsonSubTypes.Type(value = SplitEvent.class, name = "split"),
    @JsonSubTypes.Type(value = EvaluationEvent.class, name = "evaluation"),
    @JsonSubTypes.Type(value = EpochEvent.class, name = "epoch")
})
public sealed interface Event permits StepEvent, SplitEvent, EvaluationEvent, EpochEvent {

    /** "clip" or "safeclip". */
    String method();

    /** The epoch it belongs to, counted from 1. */
    int epoch();
}
