// A target that answers nobody is seen to; one that comes back is asked again.

#include "tests/loopback/peer.h"
#include "tests/loopback/recorder.h"

#include "scenarios/world/pulse.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::loopback;
using namespace std::string_literals;

class TestPulse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void silenceIsMeasuredAndRemembered();
    void aTargetThatComesBackIsAskedAgain();
};

namespace {

std::unique_ptr<Peer> accepted(PeerListener &peers)
{
    std::unique_ptr<Peer> peer;
    eventually([&] { return peer || (peer = peers.accept()); });
    return peer;
}

/// The peer was sent something that begins with this byte.
bool hears(Peer &peer, char first)
{
    std::string bytes;
    return eventually([&] {
        peer.receive(bytes);
        return !bytes.empty() && bytes.front() == first;
    });
}

world::NetworkOptions towards(const PeerListener &listener)
{
    world::NetworkOptions options;
    options.target.host = "127.0.0.1";
    options.target.port = listener.port();
    return options;
}

constexpr Milliseconds held{200};

} // namespace

void TestPulse::silenceIsMeasuredAndRemembered()
{
    PeerListener peers;
    world::NetworkHub hub(towards(peers));
    world::Pulse pulse(hub);
    const auto peer = accepted(peers);
    QVERIFY(peer);
    QVERIFY(hears(*peer, '\x10'));
    peer->send("\x20\x02\x00\x00"s);
    QVERIFY(hears(*peer, '\xC0'));
    const Time since = hub.now();
    QVERIFY(eventually([&] { return hub.now() - since >= held; }));
    QVERIFY(pulse.worst(since) >= held); // still due
    peer->send("\xD0\x00"s);
    QVERIFY(hears(*peer, '\xC0')); // the next one: this was answered
    QVERIFY(pulse.worst(since) >= held);
    peer->send("\xD0\x00"s);
    QVERIFY(hears(*peer, '\xC0'));
    peer->send("\xD0\x00"s);
    QVERIFY(eventually([&] { return pulse.worst(hub.now()) < held; })); // what was before is not since then
}

void TestPulse::aTargetThatComesBackIsAskedAgain()
{
    PeerListener peers;
    world::NetworkHub hub(towards(peers));
    world::Pulse pulse(hub);
    auto peer = accepted(peers);
    QVERIFY(peer && hears(*peer, '\x10'));
    peer.reset();
    peer = accepted(peers);
    QVERIFY(peer && hears(*peer, '\x10'));
}

QTEST_GUILESS_MAIN(TestPulse)
#include "tst_pulse.moc"
