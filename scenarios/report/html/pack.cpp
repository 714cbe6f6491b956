#include "scenarios/report/html/pack.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>

namespace hiatus::report::html {

std::string packOf(const std::vector<CaseParts> &cases)
{
    QJsonArray texts; // what is alike stands together, within reach of the compression
    for (std::size_t part = 0; !cases.empty() && part < cases.front().size(); ++part) {
        for (const CaseParts &each : cases)
            texts.append(QString::fromStdString(each[part]));
    }
    constexpr int lengthField = 4; // Qt's own, before the stream
    const QByteArray deflated = qCompress(QJsonDocument(texts).toJson(QJsonDocument::Compact), 9).mid(lengthField);
    return "<script type=\"text/plain\" class=\"pack\">" + deflated.toBase64().toStdString() + "</script>\n";
}

} // namespace hiatus::report::html
