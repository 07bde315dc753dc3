// SPDX-License-Identifier: Apache-2.0
#pragma once

// An image as `inspect` shows it: the JSON form of the man page, and a tree for people.

#include "document/findings.h"
#include "document/imagetree.h"

#include <QHash>
#include <QJsonObject>
#include <QStringList>

namespace colophon::ctl {

// Something that hangs on a manifest, such as its signatures.
struct Attachment
{
    QString kind; // "signature"
    oci::Digest digest;
    QString artifactType;
    QString source; // "tag" or "referrers"
};

struct ImageReport
{
    QString reference; // as asked for
    QString name;      // registry/repository
    document::ImageTree tree;
    document::NodePath top; // the manifest or index shown
    QList<document::Finding> findings;
    QHash<oci::Digest, QList<Attachment>> attachments; // by the manifest they are about

    QJsonObject toJson() const;
    QStringList toText() const;
};

} // namespace colophon::ctl
