// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/wrappingtabs.h"

#include <QButtonGroup>
#include <QEvent>
#include <QKeyEvent>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace colophon::widgets {

namespace {
constexpr int spacing = 2;
constexpr int margin = 8;
} // namespace

WrappingTabs::WrappingTabs(QWidget *parent)
    : QWidget(parent)
    , m_strip(new QWidget(this))
    , m_group(new QButtonGroup(this))
    , m_pages(new QStackedWidget(this))
{
    m_group->setExclusive(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_strip);
    column->addWidget(m_pages, 1);
    connect(m_group, &QButtonGroup::idToggled, this, [this](int id, bool isOn) {
        if (!isOn)
            return;
        m_pages->setCurrentIndex(id);
        setFocusProxy(m_tabs.at(id));
        // One tab stop for all of them: arrows go from one to the next.
        for (int i = 0; i < m_tabs.size(); ++i)
            m_tabs[i]->setFocusPolicy(i == id ? Qt::StrongFocus : Qt::ClickFocus);
        Q_EMIT currentChanged(id);
    });
}

int WrappingTabs::addTab(QWidget *page, const QString &label)
{
    auto *tab = new QToolButton(m_strip);
    tab->setText(label);
    tab->setCheckable(true);
    tab->setAutoRaise(true);
    tab->setFocusPolicy(Qt::ClickFocus);
    tab->installEventFilter(this);
    m_tabs.append(tab);
    const int index = m_pages->addWidget(page);
    m_group->addButton(tab, index);
    tab->setVisible(true);
    if (index == 0)
        tab->setChecked(true);
    layOut();
    return index;
}

void WrappingTabs::setTabText(int index, const QString &label)
{
    if (m_tabs.at(index)->text() == label)
        return;
    m_tabs[index]->setText(label);
    layOut();
}

QString WrappingTabs::tabText(int index) const { return m_tabs.at(index)->text(); }
int WrappingTabs::indexOf(QWidget *page) const { return m_pages->indexOf(page); }
int WrappingTabs::count() const { return m_pages->count(); }
QWidget *WrappingTabs::currentWidget() const { return m_pages->currentWidget(); }
int WrappingTabs::currentIndex() const { return m_pages->currentIndex(); }
void WrappingTabs::setCurrentWidget(QWidget *page) { setCurrentIndex(indexOf(page)); }

void WrappingTabs::setCurrentIndex(int index)
{
    if (index >= 0 && index < m_tabs.size())
        m_tabs[index]->setChecked(true);
}

void WrappingTabs::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

bool WrappingTabs::event(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange || event->type() == QEvent::Polish)
        layOut();
    return QWidget::event(event);
}

// Arrows go from tab to tab in their order, whichever line they stand in.
bool WrappingTabs::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && m_tabs.contains(watched)) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const int step = key == Qt::Key_Right || key == Qt::Key_Down ? 1
                         : key == Qt::Key_Left || key == Qt::Key_Up  ? -1
                                                                     : 0;
        if (step != 0) {
            setCurrentIndex(std::clamp(currentIndex() + step, 0, count() - 1));
            setFocus(Qt::TabFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

// Puts each tab where it belongs at the width there is.
void WrappingTabs::layOut()
{
    const int room = width() - margin;
    int x = margin;
    int y = spacing;
    int height = 0;
    for (QToolButton *tab : m_tabs) {
        const QSize size = tab->sizeHint();
        if (x > margin && x + size.width() > room) {
            x = margin;
            y += height + spacing;
        }
        tab->setGeometry(x, y, size.width(), size.height());
        x += size.width() + spacing;
        height = std::max(height, size.height());
    }
    m_strip->setFixedHeight(y + height + spacing);
}

} // namespace colophon::widgets
