// SPDX-License-Identifier: Apache-2.0
#pragma once

// The request log at the bottom of the window: every request with its answer, a filter, and each as a curl command.

#include "content/requestrecord.h"

#include <QWidget>

class QAction;
class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace colophon::items {
class RequestLogModel;
}

namespace colophon::widgets {

class StatePane;

class RequestsPane : public QWidget
{
    Q_OBJECT
public:
    explicit RequestsPane(QWidget *parent = nullptr);

    void add(const content::RequestRecord &record);
    QLineEdit *filter() const { return m_filter; }
    QTreeView *view() const { return m_view; }
    QAction *copyAsCurl() const { return m_copyAsCurl; }
    QAction *clear() const { return m_clear; }

Q_SIGNALS:
    void copied(const QString &what); // in words
    void closeRequested();

private:
    void showState();
    void copyCurrent();

    items::RequestLogModel *m_model;
    QSortFilterProxyModel *m_filtered;
    QLineEdit *m_filter;
    StatePane *m_pane;
    QTreeView *m_view;
    QAction *m_copyAsCurl;
    QAction *m_clear;
};

} // namespace colophon::widgets
