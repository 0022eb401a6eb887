package org.safeclip.experiments.dataset;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** Some elements of a list, without a copy of them. */
final class Selection<T> extends AbstractList<T> implements RandomAccess {
    private final List<T> list;
    private final int[] places;

    /**
     * A view.
     *
     * @param places index of each element in the list; not copied
     */
    Selection(List<T> list, int... places) {
        this.list = list;
        this.places = places;
    }

    @Override
    public T get(int index) {
        return list.get(places[index]);
    }

    @Override
    public int size() {
        return places.length;
    }
}
