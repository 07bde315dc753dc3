// SPDX-License-Identifier: Apache-2.0
#pragma once

// A line for a password or passphrase. What is typed leaves it once, as a Secret, and is overwritten where it stood:
// when it is taken, when the field is hidden, and when it goes. Copies Qt made while it grew are beyond reach.

#include "base/secret.h"

#include <QLineEdit>

namespace colophon::widgets {

class SecretField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit SecretField(QWidget *parent = nullptr);
    ~SecretField() override;

    base::Secret take(); // it is empty afterwards
    void wipe();

protected:
    void hideEvent(QHideEvent *event) override;
    void showEvent(QShowEvent *event) override; // tells that it is empty, where it was wiped meanwhile

private:
    void wipeSilently();
    bool m_isChangeUntold = false;
};

} // namespace colophon::widgets
