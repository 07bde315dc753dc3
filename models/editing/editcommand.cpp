// SPDX-License-Identifier: Apache-2.0
#include "editing/editcommand.h"

#include "editing/imagedocument.h"

namespace colophon::editing {

EditCommand::EditCommand(ImageDocument *document, document::EditSet before, document::EditSet after,
                         const QString &text)
    : QUndoCommand(text)
    , m_document(document)
    , m_before(std::move(before))
    , m_after(std::move(after))
{
}

void EditCommand::undo() { m_document->setEdits(m_before); }

void EditCommand::redo() { m_document->setEdits(m_after); }

} // namespace colophon::editing
