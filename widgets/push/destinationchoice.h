// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a push goes: a repository and a tag, both typed. A tag is looked up when the typing pauses, not at every
// letter.

#include "base/result.h"
#include "oci/reference.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;

namespace colophon::widgets {

class DestinationChoice : public QWidget
{
    Q_OBJECT
public:
    explicit DestinationChoice(QWidget *parent = nullptr);

    void setDestination(const oci::Reference &destination); // says nothing
    // The last one that was one; without a tag: by digest alone.
    const oci::Reference &destination() const { return m_destination; }
    bool isSettled() const { return !m_isTyped && !m_isRefused; } // destination() is what is typed
    bool isRefused() const { return m_isRefused; }
    QLineEdit *repositoryField() const { return m_repository; }
    QLineEdit *tagField() const { return m_tag; }

Q_SIGNALS:
    void typed();
    void chosen(const colophon::oci::Reference &destination);
    void refused(const colophon::base::Error &error);

private:
    void take();
    void showDestination();
    base::Result<oci::Reference> parsed() const;

    oci::Reference m_destination;
    QLineEdit *m_repository;
    QLineEdit *m_tag;
    QTimer m_pause;
    bool m_isTyped = false; // and not taken yet
    bool m_isRefused = false;
};

} // namespace colophon::widgets
