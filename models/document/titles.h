// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the parts of an image are called in sentences: findings, refusals, undo texts and the command's notes all say the
// same names.

#include "document/imagetree.h"

#include <QHash>
#include <QString>

namespace colophon::document {

class Titles
{
public:
    explicit Titles(const ImageTree &tree);

    // "layer 0 of linux/amd64", "the config of linux/amd64", "linux/amd64", "the index"; in an image of one manifest
    // "layer 0", "the config", "the image". Where two images have the same platform: "linux/amd64 (entry 1)".
    QString name(const NodePath &path) const;
    QString nameAtStart(const NodePath &path) const;                 // of a sentence: "Layer 0 of linux/amd64"
    QString names(const QList<NodePath> &paths, int most = 8) const; // "a, b, c and 4 more"

private:
    QHash<NodePath, QString> m_manifests;
};

// "its type application/… has no non-distributable counterpart"
QString whyNotToggled(const oci::MediaType &type);
// "Docker's format", "the OCI format"
QString nameOf(oci::MediaType::Family family);
// "Colophon does not read content of type application/…", or what schema 1 is
QString whyNotRead(const oci::MediaType &type);
// Texts as one enumeration, cut with "and 4 more".
QString enumerated(const QStringList &texts, int most = 8);

} // namespace colophon::document
