package org.safeclip.data;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/** A list of captions with some of them exchanged and some added, without a copy of the list. */
final class EditedList extends AbstractList<String> implements RandomAccess {
    private final List<String> base;
    private final Map<Integer, String> changes;
    private final List<String> more;

    private EditedList(List<String> base, Map<Integer, String> changes, List<String> more) {
        this.base = base;
        this.changes = changes;
        this.more = more;
    }

    /** A list followed by others. */
    static List<String> with(List<String> list, List<String> added) {
        return list instanceof EditedList edited
                ? new EditedList(edited.base, edited.changes, joined(edited.more, added))
                : new EditedList(list, Map.of(), List.copyOf(added));
    }

    /** A list with the entries at the given indices exchanged. */
    static List<String> replaced(List<String> list, Map<Integer, String> exchanged) {
        if (!(list instanceof EditedList edited)) {
            return new EditedList(list, Map.copyOf(exchanged), List.of());
        }
        Map<Integer, String> changes = new HashMap<>(edited.changes);
        changes.putAll(exchanged);
        return new EditedList(edited.base, changes, edited.more);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @Override
    public String get(int index) {
        String changed = changes.isEmpty() ? null : changes.get(index);
        if (changed != null) {
            return changed;
        }
        return index < base.size() ? base.get(index) : more.get(index - base.size());
    }

    @Override
    public int size() {
        return base.size() + more.size();
    }
}
