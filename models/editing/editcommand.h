// SPDX-License-Identifier: Apache-2.0
#pragma once

// One step on the undo stack: the edits before and after it, as values. It holds no pointer into a tree.

#include "document/edit.h"

#include <QUndoCommand>

namespace colophon::editing {

class ImageDocument;

class EditCommand final : public QUndoCommand
{
public:
    EditCommand(ImageDocument *document, document::EditSet before, document::EditSet after, const QString &text);
    void undo() override;
    void redo() override;

private:
    ImageDocument *m_document;
    document::EditSet m_before;
    document::EditSet m_after;
};

} // namespace colophon::editing
