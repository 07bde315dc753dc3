// SPDX-License-Identifier: Apache-2.0
#include "behaviour/layerkind.h"

#include <QCoreApplication>

namespace colophon::behaviour {

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::LayerKind)
};
using Family = oci::MediaType::Family;
using oci::Marking;
} // namespace

LayerKind LayerKind::of(const oci::Descriptor &layer)
{
    return {layer.marking(), layer.mediaType.family(), layer.mediaType.compression()};
}

QList<LayerKind> LayerKind::all()
{
    QList<LayerKind> kinds;
    for (const Marking marking :
         {Marking::NonDistributable, Marking::Unfetchable, Marking::HalfMarked, Marking::Distributable}) {
        for (const Family family : {Family::Docker, Family::Oci}) {
            for (const char *compression : {"none", "gzip", "zstd"})
                kinds.append({marking, family, QLatin1String(compression)});
        }
    }
    return kinds;
}

QString LayerKind::content() const
{
    const QString name = family == Family::Docker ? QStringLiteral("docker")
                         : family == Family::Oci  ? QStringLiteral("oci")
                                                  : QStringLiteral("other");
    return name + QLatin1Char(' ') + compression;
}

QString LayerKind::inWords() const
{
    const QString type = family == Family::Docker ? Words::tr("Docker")
                         : family == Family::Oci  ? Words::tr("OCI")
                                                  : Words::tr("other");
    QString text = Words::tr("%1 (%2 type").arg(oci::nameOf(marking), type);
    if (compression == QLatin1String("zstd"))
        text += Words::tr(", zstd");
    else if (compression == QLatin1String("none"))
        text += Words::tr(", uncompressed");
    return text + QLatin1Char(')');
}

} // namespace colophon::behaviour
