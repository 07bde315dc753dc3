// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/secretfield.h"

#include <QHideEvent>
#include <QSignalBlocker>

namespace colophon::widgets {

SecretField::SecretField(QWidget *parent)
    : QLineEdit(parent)
{
    setEchoMode(QLineEdit::Password);
    setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
}

SecretField::~SecretField() { wipeSilently(); }

base::Secret SecretField::take()
{
    base::Secret secret(text().toUtf8());
    wipe();
    return secret;
}

void SecretField::wipe()
{
    {
        // The very buffer the field shows from: a copy shares it until somebody writes, and this writes beneath that.
        QString shown = text();
        if (!shown.data_ptr().d_ptr()) // nothing, or a literal, which nobody can write to
            return clear();
        auto *letters = const_cast<volatile char16_t *>(reinterpret_cast<const char16_t *>(shown.utf16()));
        for (qsizetype i = 0; i < shown.size(); ++i)
            letters[i] = u'\0';
    }
    clear(); // the history of changes, too
}

void SecretField::hideEvent(QHideEvent *event)
{
    if (!event->spontaneous()) // not when the whole window is put aside for a moment
        wipeSilently();
    QLineEdit::hideEvent(event);
}

void SecretField::showEvent(QShowEvent *event)
{
    QLineEdit::showEvent(event);
    if (std::exchange(m_isChangeUntold, false))
        Q_EMIT textChanged(text());
}

// Whoever listens may be on its way out as well.
void SecretField::wipeSilently()
{
    const QSignalBlocker silent(this);
    m_isChangeUntold = m_isChangeUntold || !text().isEmpty();
    wipe();
}

} // namespace colophon::widgets
