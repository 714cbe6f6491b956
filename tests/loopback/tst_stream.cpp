// The minibroker's own stream on a descriptor: what it promises its owner when the other end goes away or does not read.

#include "minibroker/net/stream.h"

#include <QTest>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

using namespace hiatus::minibroker;

namespace {

class Owner final : public StreamOwner
{
public:
    Owner()
    {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0)
            qFatal("no pair of sockets");
        peer = ends[1];
        stream = plainStream(ends[0]);
        stream->setOwner(this);
    }
    ~Owner() override { hangUp(); }

    void hangUp()
    {
        if (peer >= 0)
            ::close(peer);
        peer = -1;
    }
    void say(const std::string &text) const { QCOMPARE(::write(peer, text.data(), text.size()), ssize_t(text.size())); }
    void readable() override
    {
        ++told;
        std::array<char, 64> buffer;
        for (qint64 count = isReading ? 1 : 0; count > 0;) {
            count = stream->read(buffer.data(), qint64(buffer.size()));
            heard.append(buffer.data(), std::size_t(count));
        }
    }
    void written() override {}
    void lost() override { ++losses; }

    int peer = -1;
    std::unique_ptr<Stream> stream;
    bool isReading = true;
    int told = 0, losses = 0;
    std::string heard;
};

} // namespace

class StreamTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// A DISCONNECT that came before the connection broke decides whether a will is published.
    void aWriteThatFailsTakesNothingAwayOfWhatCame()
    {
        Owner owner;
        owner.say("bye");
        owner.hangUp();
        owner.stream->write("nobody hears this");
        owner.stream->write("nor this");
        QTRY_COMPARE(owner.losses, 1);
        QCOMPARE(owner.heard, std::string("bye"));
        QVERIFY(!owner.stream->isConnected());
    }

    void whatThePeerDoesNotTakeIsKeptAndGoesOut()
    {
        Owner owner;
        const std::string much(4 * 1024 * 1024, 'x');
        owner.stream->write(much);
        QVERIFY(owner.stream->unwritten() > 0);
        std::size_t taken = 0;
        std::array<char, 64 * 1024> buffer;
        while (taken < much.size()) {
            const ssize_t count = ::recv(owner.peer, buffer.data(), buffer.size(), MSG_DONTWAIT);
            taken += count > 0 ? std::size_t(count) : 0;
            QCoreApplication::processEvents();
        }
        QTRY_COMPARE(owner.stream->unwritten(), 0);
    }

    void inputLeftUnreadIsToldOnce()
    {
        Owner owner;
        owner.isReading = false;
        owner.say("one");
        QTRY_COMPARE(owner.told, 1);
        owner.say("two");
        QCoreApplication::processEvents();
        QCOMPARE(owner.told, 1);
        owner.isReading = true;
        owner.readable();
        QCOMPARE(owner.heard, std::string("onetwo"));
        owner.say("three");
        QTRY_COMPARE(owner.heard, std::string("onetwothree"));
    }
};

QTEST_GUILESS_MAIN(StreamTest)
#include "tst_stream.moc"
