// SPDX-License-Identifier: Apache-2.0
#pragma once

// What Colophon is and is not, on one page: a marking is advice to tools, not access control. F1.

#include <QDialog>

namespace colophon::widgets {

class Explanation : public QDialog
{
    Q_OBJECT
public:
    explicit Explanation(QWidget *parent = nullptr);
};

} // namespace colophon::widgets
