// SPDX-License-Identifier: Apache-2.0
#pragma once

// An image as `inspect` shows it: the JSON form of the man page, and a tree for people.

#include "document/attachments.h"
#include "document/findings.h"
#include "document/imagetree.h"

#include <QJsonObject>
#include <QStringList>

namespace colophon::ctl {

struct ImageReport
{
    QString reference; // as asked for
    QString name;      // registry/repository
    document::ImageTree tree;
    document::NodePath top; // the manifest or index shown
    QList<document::Finding> findings;
    document::Attachments attachments;

    QJsonObject toJson() const;
    QStringList toText() const;
};

} // namespace colophon::ctl
