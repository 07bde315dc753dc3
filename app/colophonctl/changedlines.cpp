// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/changedlines.h"

#include "base/plaintext.h"
#include "colophonctl/printer.h"

#include <QCoreApplication>

namespace colophon::ctl {

namespace {

using document::NodePath;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Change)
};

constexpr int longestValue = 200;

class Lines
{
public:
    Lines(const document::ImageTree &original, const document::DerivedImage &derived)
        : m_original(original)
        , m_derived(derived)
    {
    }
    QStringList all();

private:
    void add(const NodePath &path, const QString &subject, const QString &change, const QString &more = {})
    {
        m_rows.append({path.toString(), subject, change, more});
    }
    void addNode(const NodePath &path);
    void addDescriptor(const NodePath &path);
    void addAnnotations(const NodePath &path, const QString &subject, const oci::Annotations &before,
                        const oci::Annotations &after, const QString &whose);

    const document::ImageTree &m_original;
    const document::DerivedImage &m_derived;
    QList<QStringList> m_rows;
};

void Lines::addAnnotations(const NodePath &path, const QString &subject, const oci::Annotations &before,
                           const oci::Annotations &after, const QString &whose)
{
    for (auto each = before.cbegin(); each != before.cend(); ++each)
        if (!after.contains(each.key()))
            add(path, subject, Text::tr("%1 removed").arg(whose), base::visible(each.key(), longestValue));
    for (auto each = after.cbegin(); each != after.cend(); ++each) {
        const auto earlier = before.constFind(each.key());
        if (earlier != before.cend() && *earlier == *each)
            continue;
        add(path, subject,
            earlier == before.cend() ? Text::tr("%1 added").arg(whose) : Text::tr("%1 changed").arg(whose),
            base::visible(each.key() + QLatin1Char('=') + each.value(), longestValue));
    }
}

// A layer, the config, or the entry of an index as whoever names it names it.
void Lines::addDescriptor(const NodePath &path)
{
    const auto before = m_original.descriptor(path);
    const auto after = m_derived.tree.descriptor(path);
    if (!before || !after)
        return;
    const bool isNode = path.part == NodePath::Part::Self;
    const QString subject =
        isNode ? base::visible(m_original.node(path)->title(), longestValue) : after->digest.shortForm();
    if (path.isLayer() && (before->marking() != after->marking() || before->urls != after->urls))
        add(path, subject, Text::tr("%1 → %2").arg(oci::nameOf(before->marking()), oci::nameOf(after->marking())),
            base::visible(after->urls.join(QLatin1Char(' '))));
    else if (before->mediaType != after->mediaType)
        add(path, subject, Text::tr("type changed"), base::visible(after->mediaType.toString(), longestValue));
    addAnnotations(path, subject, before->annotations, after->annotations,
                   isNode ? Text::tr("annotation of the entry") : Text::tr("annotation"));
}

void Lines::addNode(const NodePath &path)
{
    const document::ImageNode *before = m_original.node(path);
    const document::ImageNode *after = m_derived.tree.node(path);
    if (!before || !after)
        return;
    const QString title = base::visible(before->title(), longestValue);
    if (m_derived.removed.contains(path))
        add(path, title, Text::tr("removed"));
    if (m_derived.tree.isRemoved(path))
        return;
    addDescriptor(path);
    addAnnotations(path, title, before->annotations(), after->annotations(), Text::tr("annotation"));
    if (!after->manifest)
        return;
    addDescriptor(path.config());
    for (int i = 0; i < after->manifest->layers().size(); ++i)
        addDescriptor(path.layerAt(i));
}

QStringList Lines::all()
{
    const QList<NodePath> places = m_derived.tree.places();
    for (const NodePath &path : places)
        addNode(path);
    return aligned(m_rows);
}

} // namespace

QStringList changedLines(const document::ImageTree &original, const document::DerivedImage &derived)
{
    return Lines(original, derived).all();
}

} // namespace colophon::ctl
