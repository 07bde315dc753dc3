// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pages with a tab each, like QTabWidget's, whose tabs go on in a second line where one is too short: none is cut and
// none is hidden behind an arrow.

#include <QList>
#include <QWidget>

class QButtonGroup;
class QStackedWidget;
class QToolButton;

namespace colophon::widgets {

class WrappingTabs : public QWidget
{
    Q_OBJECT
public:
    explicit WrappingTabs(QWidget *parent = nullptr);

    int addTab(QWidget *page, const QString &label); // "&" before the letter that goes there with Alt
    void setTabText(int index, const QString &label);
    QString tabText(int index) const;
    int indexOf(QWidget *page) const;
    int count() const;
    QWidget *currentWidget() const;
    int currentIndex() const;
    void setCurrentWidget(QWidget *page);
    void setCurrentIndex(int index);
    QToolButton *tab(int index) const { return m_tabs.at(index); }

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void layOut();

    QWidget *m_strip;
    QButtonGroup *m_group;
    QStackedWidget *m_pages;
    QList<QToolButton *> m_tabs;
};

} // namespace colophon::widgets
