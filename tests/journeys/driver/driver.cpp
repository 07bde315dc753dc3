// SPDX-License-Identifier: Apache-2.0
// Drives a program with widgets from outside, as a plugin of Qt's that a test lets it load (QT_QPA_GENERIC_PLUGINS):
// so that the program itself is tested, and ended, without a line of it being for tests. It reads a line from standard
// input, does it, and writes its answer and "ok" or "no":
//
//     type NAME TEXT     into the field of that object name, and Return
//     key NAME KEY       "Space", "Ctrl+Z", to that widget
//     press NAME         clicks a button that can be seen and pressed
//     row NAME TEXT      makes the first row that begins with that text the current one of a tree view
//     texts              what labels say that can be seen, a line each
#include <QAbstractButton>
#include <QApplication>
#include <QGenericPlugin>
#include <QKeyEvent>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QSocketNotifier>
#include <QTreeView>

#include <cstdio>
#include <unistd.h>

namespace {

template <class T>
T *seen(const QString &name)
{
    for (QWidget *each : QApplication::allWidgets())
        if (auto *widget = qobject_cast<T *>(each); widget && widget->objectName() == name && widget->isVisible())
            return widget;
    return nullptr;
}

void send(QWidget *widget, const QKeySequence &keys)
{
    const QKeyCombination key = keys[0];
    const QString text = key.key() == Qt::Key_Space ? QStringLiteral(" ") : QString();
    QKeyEvent down(QEvent::KeyPress, key.key(), key.keyboardModifiers(), text);
    QApplication::sendEvent(widget, &down);
    QKeyEvent up(QEvent::KeyRelease, key.key(), key.keyboardModifiers(), text);
    QApplication::sendEvent(widget, &up);
}

QModelIndex rowWith(const QAbstractItemModel *model, const QString &text, const QModelIndex &parent = {})
{
    for (int row = 0; row < model->rowCount(parent); ++row) {
        const QModelIndex index = model->index(row, 0, parent);
        if (index.data().toString().startsWith(text))
            return index;
        if (const QModelIndex below = rowWith(model, text, index); below.isValid())
            return below;
    }
    return {};
}

bool carryOut(const QString &verb, const QString &name, const QString &rest, QStringList &answer)
{
    if (verb == QLatin1String("type")) {
        auto *field = seen<QLineEdit>(name);
        if (!field)
            return false;
        field->setFocus();
        field->setText(rest);
        send(field, QKeySequence(Qt::Key_Return));
        return true;
    }
    if (verb == QLatin1String("key")) {
        auto *widget = seen<QWidget>(name);
        if (widget)
            send(widget, QKeySequence(rest));
        return widget != nullptr;
    }
    if (verb == QLatin1String("press")) {
        auto *button = seen<QAbstractButton>(name);
        const bool can = button && button->isEnabled();
        if (can)
            button->click();
        return can;
    }
    if (verb == QLatin1String("row")) {
        auto *view = seen<QTreeView>(name);
        const QModelIndex index = view ? rowWith(view->model(), rest) : QModelIndex();
        if (index.isValid())
            view->setCurrentIndex(index);
        return index.isValid();
    }
    if (verb == QLatin1String("texts")) {
        for (QWidget *each : QApplication::allWidgets())
            if (auto *label = qobject_cast<QLabel *>(each); label && label->isVisible() && !label->text().isEmpty())
                answer.append(label->text().replace(QLatin1Char('\n'), QLatin1Char(' ')));
        return true;
    }
    return false;
}

class Driver final : public QObject
{
    Q_OBJECT
public:
    Driver()
        : m_input(STDIN_FILENO, QSocketNotifier::Read)
    {
        connect(&m_input, &QSocketNotifier::activated, this, &Driver::read);
    }

private:
    void read()
    {
        char bytes[4096];
        const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0) {
            m_input.setEnabled(false);
            return;
        }
        m_line.append(bytes, count);
        for (qsizetype end = m_line.indexOf('\n'); end >= 0; end = m_line.indexOf('\n')) {
            const QString line = QString::fromUtf8(m_line.left(end));
            m_line.remove(0, end + 1);
            QStringList answer;
            const bool done = carryOut(line.section(QLatin1Char(' '), 0, 0), line.section(QLatin1Char(' '), 1, 1),
                                       line.section(QLatin1Char(' '), 2), answer);
            answer.append(done ? QStringLiteral("ok") : QStringLiteral("no"));
            std::fputs(answer.join(QLatin1Char('\n')).append(QLatin1Char('\n')).toUtf8().constData(), stdout);
            std::fflush(stdout);
        }
    }

    QSocketNotifier m_input;
    QByteArray m_line;
};

class DriverPlugin final : public QGenericPlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "driver.json")
public:
    QObject *create(const QString &name, const QString &) override
    {
        return name == QLatin1String("colophondriver") ? new Driver : nullptr;
    }
};

} // namespace

#include "driver.moc"
