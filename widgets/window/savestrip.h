// SPDX-License-Identifier: Apache-2.0
#pragma once

// A strip above the image while a layer is being saved into a file: how far it is, Cancel; afterwards where it lies, or
// why it does not, and the way to go on where it stopped. There when there is something to say.

#include "transfer/saveblob.h"

#include <QFrame>

#include <memory>
#include <optional>

class QProgressBar;
class QPushButton;
class QToolButton;

namespace colophon::widgets {

class ElidedLabel;
class ErrorStrip;

class SaveStrip : public QFrame
{
    Q_OBJECT
public:
    explicit SaveStrip(QWidget *parent = nullptr);
    ~SaveStrip() override;

    // `name`: of the layer, for the sentence. Not while another one is being saved.
    void save(const transfer::SaveBlob::Request &request, const QString &name);
    bool isSaving() const { return m_saving != nullptr; }
    void cancel(); // what has come is kept for going on
    void goOn();

    QString text() const;
    QPushButton *button() const { return m_button; } // Cancel; afterwards "Go on"
    QProgressBar *progress() const { return m_bar; }
    ErrorStrip *errors() const { return m_errors; }

Q_SIGNALS:
    void savingChanged();
    void said(const QString &what);

private:
    void start();
    void finish();
    void showProgress(qint64 done, qint64 total);
    void end(const QString &sentence, bool mayGoOn);

    std::optional<transfer::SaveBlob::Request> m_request;
    QString m_name;
    std::unique_ptr<transfer::SaveBlob> m_saving;
    ElidedLabel *m_text;
    ElidedLabel *m_bytes;
    QProgressBar *m_bar;
    QPushButton *m_button;
    QToolButton *m_close;
    QWidget *m_row;
    ErrorStrip *m_errors;
};

} // namespace colophon::widgets
