// SPDX-License-Identifier: Apache-2.0
#pragma once

// Marking as a person does it in the window: several layers at once, each digest everywhere it occurs, each layer with
// an address of its own. Shared by the tree (Space), the inspector (radio buttons) and the menus.

#include "base/result.h"
#include "document/selection.h"
#include "editing/imagedocument.h"
#include "oci/descriptor.h"

#include <QList>
#include <QString>

#include <functional>

namespace colophon::items {

// The address a freshly marked layer gets: where its blob is served now.
using AddressOf = std::function<QString(const oci::Descriptor &layer)>;

// What toggling these layers together does: mark them all, unless all of them are non-distributable already.
bool togglesToMarked(const editing::ImageDocument &document, const QList<document::NodePath> &layers);

// Pushes the edits as one command of the undo stack. A layer that gets marked keeps the addresses it has, else takes
// those it was opened with, else addressOf's; a layer that gets unmarked loses them. Usage where a type has no pair, or
// there is no layer.
base::Result<void> setMarked(editing::ImageDocument &document, const QList<document::NodePath> &layers,
                             bool nonDistributable, const AddressOf &addressOf);

// Of these layers those that can be marked, with the same content everywhere else; the others are passed by, in words.
document::Selection markable(const editing::ImageDocument &document, const QList<document::NodePath> &layers);
// Marks or unmarks what markable() finds, as one undo step, and says which layers that were. Usage, with what was
// passed by, where there is none.
base::Result<document::Selection> setMarkedTogether(editing::ImageDocument &document,
                                                    const QList<document::NodePath> &layers, bool nonDistributable,
                                                    const AddressOf &addressOf);
// "Layer 4 of linux/amd64 is passed by: its type …", the first few.
QString passedByInWords(const document::Selection &selection);
// "3 layers marked as non-distributable, in 5 places", and what was passed by.
QString markedInWords(const document::ImageTree &tree, const document::Selection &done, bool nonDistributable);

// Why this layer's marking cannot be changed, in a plain sentence; empty: it can.
QString whyNotMarkable(const editing::ImageDocument &document, const document::NodePath &layer);

} // namespace colophon::items
