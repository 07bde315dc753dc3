// SPDX-License-Identifier: Apache-2.0
#pragma once

// The pane at the left: the tags of the open repository, with a filter; opening one is one key away.

#include "base/error.h"
#include "oci/reference.h"

#include <QSortFilterProxyModel>
#include <QStringListModel>
#include <QWidget>

#include <optional>

class QLabel;
class QLineEdit;
class QListView;

namespace colophon::widgets {

class ElidedLabel;
class StatePane;

// Versions as people order them: 1.10 behind 1.9; tags that only attach a signature to a digest stay out.
class TagOrder final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit TagOrder(QObject *parent = nullptr);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;
};

class TagsPane : public QWidget
{
    Q_OBJECT
public:
    explicit TagsPane(QWidget *parent = nullptr);

    // The repository whose tags these are, and the tag that is open.
    void setRepository(const oci::Reference &reference);
    void showNothing(); // nobody asked for them yet
    void showLoading();
    void showTags(const QStringList &tags);
    void showError(const base::Error &error);
    QListView *view() const { return m_view; }
    QLineEdit *filter() const { return m_filter; }

public Q_SLOTS:
    void focusFilter();

Q_SIGNALS:
    void tagActivated(const colophon::oci::Reference &reference);
    void retryRequested();

private:
    void activate(const QModelIndex &index);
    void selectOpenTag();
    void updateEmpty();

    oci::Reference m_reference;
    ElidedLabel *m_registry;
    ElidedLabel *m_repository;
    QLineEdit *m_filter;
    StatePane *m_pane;
    QListView *m_view;
    QStringListModel m_tags;
    TagOrder m_shown;
};

} // namespace colophon::widgets
