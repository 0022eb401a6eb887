package org.safeclip.experiments.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** An event of training: one line of {@code metrics.jsonl}, whose field "event" has the type. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StepEvent.class, name = "step"),
    @JsonSubTypes.Type(value = SplitEvent.class, name = "split"),
    @JsonSubTypes.Type(value = EvaluationEvent.class, name = "evaluation"),
    @JsonSubTypes.Type(value = EpochEvent.class, name = "epoch")
})
public sealed interface Event permits StepEvent, SplitEvent, EvaluationEvent, EpochEvent {

    /** Name of the method, such as "clip" or "safeclip". */
    String method();

    /** Epoch of the event, from 1. */
    int epoch();
}
