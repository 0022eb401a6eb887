package org.safeclip.baseline;

import java.util.List;
import org.safeclip.Config;
import org.safeclip.Method;
import org.safeclip.MethodState;
import org.safeclip.Phase;
import org.safeclip.learn.Course;
import org.safeclip.learn.CrossModal;
import org.safeclip.learn.Learner;
import org.safeclip.learn.NeighbourPool;
import org.safeclip.nn.optim.Schedule;

/**
 * RoCLIP (Yang, Gao and Mirzasoleiman, NeurIPS 2023): every K-th epoch pictures are matched with the nearest captions of a
 * pool, the others are CLIP's. The release's pool starts as random directions, and its first such epoch teaches those; by
 * default ours is filled with captions first.
 */
public final class RoClip implements Method {
    private final Config config;
    private final Learner learner;
    private final CrossModal crossModal;
    private final NeighbourPool pool;
    private final int[] everyPair;
    private final Course course;

    /** RoCLIP at its start, to train the learner's model. */
    public RoClip(Config config, Learner learner) {
        this.config = config;
        this.learner = learner;
        this.crossModal = new CrossModal(1);
        this.everyPair = learner.everyPair();
        this.pool = NeighbourPool.random(
                config.roclipPoolRows(everyPair.length),
                config.embedding(),
                learner.model().backend(),
                config.random("caption pool"));
        long steps = (long) config.roclipEpochs() * learner.stepsOf(everyPair.length);
        this.course = new Course(Schedule.fixed(config.roclipRate(), config.warmupSteps(), Math.max(1, steps)));
    }

    @Override
    public String name() {
        return "roclip";
    }

    @Override
    public int epochs() {
        return config.roclipEpochs();
    }

    @Override
    public Phase phase(int epoch) {
        return epoch % config.roclipEvery() == 0 ? Phase.POOL : Phase.TRAIN;
    }

    @Override
    public List<String> plan() {
        return List.of("epochs divisible by " + config.roclipEvery() + ": pictures with the nearest of "
                + pool.rows().dim(0) + " captions in the pool");
    }

    @Override
    public void epoch(int epoch) {
        if (phase(epoch) == Phase.TRAIN) {
            learner.pass(crossModal, everyPair, course, epoch);
            return;
        }
        if (config.roclipPrefill() && epoch == config.roclipEvery()) {
            learner.fill(epoch, null, pool);
        }
        learner.pass(new CaptionNeighbours(pool), everyPair, course, epoch);
    }

    @Override
    public void save(MethodState state) {
        state.put("steps", course.steps());
        state.put("pool", pool);
    }

    @Override
    public void restore(MethodState state) {
        course.restore(state.count("steps"));
        state.restore("pool", pool);
    }
}
