// SPDX-License-Identifier: Apache-2.0
#include "oci/jsonedit.h"

#include <QHash>

#include <algorithm>

namespace colophon::oci {

namespace {
JsonValue lastChildOf(const JsonValue &object)
{
    JsonValue last;
    for (JsonValue child = object.firstChild(); !child.isAbsent(); child = child.nextSibling())
        last = child;
    return last;
}

// Where a member or an element begins, its name included.
qsizetype beginOf(const JsonValue &child)
{
    return child.keySpan().size() > 0 ? child.keySpan().begin : child.span().begin;
}

// The white space in front of the byte at `offset`.
QByteArray spaceBefore(const QByteArray &bytes, qsizetype offset)
{
    qsizetype first = offset;
    while (first > 0 && QByteArrayView(" \t\r\n").contains(bytes[first - 1]))
        --first;
    return bytes.mid(first, offset - first);
}

// What stands between a member's name and its value: the colon, and the white space around it.
QByteArray colonOf(const JsonValue &member)
{
    return member.isAbsent()
               ? QByteArray(":")
               : member.documentBytes().mid(member.keySpan().end, member.span().begin - member.keySpan().end);
}

// With a removed run goes the comma in front of it, or at the beginning the one behind it.
template <class IsRemoved>
QList<Splice> childrenRemoved(const JsonValue &container, const IsRemoved &isRemoved)
{
    QList<Splice> splices;
    JsonValue kept;
    JsonValue first;
    JsonValue last;
    const auto close = [&](const JsonValue &next) {
        if (first.isAbsent())
            return;
        if (!kept.isAbsent())
            splices.append(Splice{{kept.span().end, last.span().end}, {}});
        else
            splices.append(Splice{{beginOf(first), next.isAbsent() ? last.span().end : beginOf(next)}, {}});
        first = JsonValue();
    };
    qsizetype position = 0;
    for (JsonValue child = container.firstChild(); !child.isAbsent(); child = child.nextSibling(), ++position) {
        if (isRemoved(child, position)) {
            if (first.isAbsent())
                first = child;
            last = child;
        } else {
            close(child);
            kept = child;
        }
    }
    close({});
    return splices;
}

// Literals as the inside of a new array or object in `object`: on one line, or in the indentation the document uses.
QByteArray enclosed(const JsonValue &object, const QList<QByteArray> &literals, char opening, char closing)
{
    const JsonValue last = lastChildOf(object);
    const QByteArray &bytes = object.documentBytes();
    const QByteArray space = last.isAbsent() ? QByteArray() : spaceBefore(bytes, last.keySpan().begin);
    const qsizetype newline = space.lastIndexOf('\n');
    if (newline < 0 || literals.isEmpty()) {
        const bool airy = !last.isAbsent() && bytes[last.span().begin - 1] == ' ';
        return opening + literals.join(airy ? ", " : ",") + closing;
    }
    // One level deeper than the members: by as much as these are deeper than the brace that closes them.
    const QByteArray lineEnd = newline > 0 && space[newline - 1] == '\r' ? "\r\n" : "\n";
    const QByteArray indent = space.mid(newline + 1);
    const QByteArray behind = spaceBefore(bytes, object.span().end - 1);
    const qsizetype behindNewline = behind.lastIndexOf('\n');
    const QByteArray behindIndent = behind.mid(behindNewline + 1);
    QByteArray step =
        behindNewline >= 0 && indent.startsWith(behindIndent) ? indent.mid(behindIndent.size()) : QByteArray();
    if (step.isEmpty() && indent.startsWith('\t'))
        step = "\t";
    const QByteArray inner = lineEnd + indent + step;
    return opening + inner + literals.join(',' + inner) + lineEnd + indent + closing;
}
} // namespace

QList<Splice> membersChanged(const JsonValue &object, const QList<MemberChange> &changes)
{
    const auto changeOf = [&changes](const JsonValue &member) {
        const auto at = std::find_if(changes.rbegin(), changes.rend(),
                                     [&](const MemberChange &each) { return member.isNamed(each.name); });
        return at == changes.rend() ? nullptr : &*at;
    };
    QSet<const MemberChange *> seen;
    QList<Splice> splices;
    bool keepsAny = false;
    JsonValue last;
    for (JsonValue member = object.firstChild(); !member.isAbsent(); member = member.nextSibling()) {
        last = member;
        const MemberChange *change = changeOf(member);
        keepsAny = keepsAny || !change || change->raw;
        if (!change)
            continue;
        seen.insert(change);
        if (change->raw)
            splices.append(Splice{member.span(), *change->raw});
    }

    const QByteArray space = last.isAbsent() ? QByteArray() : spaceBefore(object.documentBytes(), beginOf(last));
    const QByteArray colon = colonOf(last);
    QList<QByteArray> added;
    for (const MemberChange &change : changes) {
        if (change.raw && !seen.contains(&change))
            added.append(jsonString(change.name) + colon + *change.raw);
    }
    if (last.isAbsent()) {
        const qsizetype inside = object.span().begin + 1;
        if (!added.isEmpty())
            splices.append(Splice{{inside, inside}, added.join(',')});
        return splices;
    }
    if (!keepsAny && !added.isEmpty())
        return {{{beginOf(object.firstChild()), last.span().end}, added.join(',' + space)}};
    if (std::ranges::any_of(changes, [](const MemberChange &each) { return !each.raw; }))
        splices += childrenRemoved(object, [&](const JsonValue &member, qsizetype) {
            const MemberChange *change = changeOf(member);
            return change && !change->raw;
        });
    const qsizetype behind = last.span().end;
    for (const QByteArray &member : std::as_const(added))
        splices.append(Splice{{behind, behind}, ',' + space + member});
    return splices;
}

QList<Splice> elementsRemoved(const JsonValue &array, const QSet<qsizetype> &positions)
{
    return childrenRemoved(array, [&](const JsonValue &, qsizetype position) { return positions.contains(position); });
}

QList<Splice> elementAdded(const JsonValue &array, const QByteArray &raw)
{
    const JsonValue last = lastChildOf(array);
    if (last.isAbsent())
        return {{{array.span().begin + 1, array.span().begin + 1}, raw}};
    const qsizetype behind = last.span().end;
    return {{{behind, behind}, ',' + spaceBefore(array.documentBytes(), beginOf(last)) + raw}};
}

QList<Splice> stringChanged(const JsonValue &string, const QString &now)
{
    const QString was = string.string().value_or(QString());
    if (was == now)
        return {};
    const qsizetype shorter = std::min(was.size(), now.size());
    qsizetype front = std::mismatch(was.begin(), was.begin() + shorter, now.begin()).first - was.begin();
    if (front > 0 && was[front - 1].isHighSurrogate())
        --front;
    qsizetype back = 0;
    while (back < shorter - front && was[was.size() - 1 - back] == now[now.size() - 1 - back])
        ++back;
    if (back > 0 && was[was.size() - back].isLowSurrogate())
        --back;
    const QByteArray literal = jsonString(QStringView(now).mid(front, now.size() - back - front));
    return {{{string.byteOffsetOf(front), string.byteOffsetOf(was.size() - back)}, literal.mid(1, literal.size() - 2)}};
}

QList<Splice> memberInserted(const JsonValue &object, QLatin1String name, const QByteArray &rawValue)
{
    return membersChanged(object, {{name, rawValue}});
}

QList<Splice> memberRemoved(const JsonValue &member)
{
    return childrenRemoved(member.parent(), [&](const JsonValue &each, qsizetype) { return each == member; });
}

QByteArray rawStringArray(const JsonValue &object, const QStringList &values)
{
    QList<QByteArray> literals;
    for (const QString &value : values)
        literals.append(jsonString(value));
    return enclosed(object, literals, '[', ']');
}

QByteArray rawStringObject(const JsonValue &object, const QList<std::pair<QString, QString>> &members)
{
    const QByteArray colon = colonOf(lastChildOf(object));
    QList<QByteArray> literals;
    for (const auto &[name, value] : members)
        literals.append(jsonString(name) + colon + jsonString(value));
    return enclosed(object, literals, '{', '}');
}

} // namespace colophon::oci
