// SPDX-License-Identifier: Apache-2.0
#include "document/titles.h"

#include "base/plaintext.h"

#include <QCoreApplication>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Titles)
};
} // namespace

Titles::Titles(const ImageTree &tree)
{
    QHash<QString, int> holders;
    const QList<NodePath> all = tree.places();
    for (const NodePath &path : all)
        ++holders[tree.node(path)->title()];
    for (const NodePath &path : all) {
        const QString plain = tree.node(path)->title();
        QString title = base::visible(plain, 200);
        if (path == NodePath::root())
            title = tree.isIndex() ? Text::tr("the index") : Text::tr("the image");
        else if (holders.value(plain) > 1)
            title = Text::tr("%1 (entry %2)").arg(title, QString::number(path.entries.last()));
        m_manifests.insert(path, title);
    }
}

QString Titles::name(const NodePath &path) const
{
    QString manifest = m_manifests.value(path.manifest(), path.toString());
    const bool isAlone = path.entries.isEmpty();
    switch (path.part) {
    case NodePath::Part::Self:
        return manifest;
    case NodePath::Part::Config:
        return isAlone ? Text::tr("the config") : Text::tr("the config of %1").arg(manifest);
    case NodePath::Part::Layer:
        return isAlone ? Text::tr("layer %1").arg(path.layer)
                       : Text::tr("layer %1 of %2").arg(QString::number(path.layer), manifest);
    }
    return manifest;
}

QString Titles::nameAtStart(const NodePath &path) const
{
    QString text = name(path);
    if (path.part != NodePath::Part::Self || path.entries.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QString Titles::names(const QList<NodePath> &paths, int most) const
{
    QStringList texts;
    for (const NodePath &path : paths)
        texts.append(name(path));
    return enumerated(texts, most);
}

QString nameOf(oci::MediaType::Family family)
{
    return family == oci::MediaType::Family::Docker ? Text::tr("Docker's format") : Text::tr("the OCI format");
}

QString whyNotRead(const oci::MediaType &type)
{
    if (type.isSchema1())
        return Text::tr("it is in Docker's schema 1, which holds its signature inside and is never edited");
    return Text::tr("Colophon does not read content of type %1").arg(base::visible(type.toString(), 200));
}

QString whyNotToggled(const oci::MediaType &type)
{
    return Text::tr("its type %1 has no non-distributable counterpart").arg(base::visible(type.toString(), 200));
}

QString enumerated(const QStringList &texts, int most)
{
    if (texts.size() <= most)
        return texts.join(QStringLiteral(", "));
    const qsizetype more = texts.size() - most;
    return Text::tr("%1 and %2 more").arg(texts.mid(0, most).join(QStringLiteral(", ")), QString::number(more));
}

} // namespace colophon::document
