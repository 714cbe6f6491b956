"""slow.py PORT SECONDS: a relay to PORT that holds back the first packet of every connection. Prints its own port."""
import asyncio
import sys

port, seconds = int(sys.argv[1]), float(sys.argv[2])


async def copy(reader, writer, pause=0.0):
    try:
        while data := await reader.read(65536):
            await asyncio.sleep(pause)
            pause = 0.0
            writer.write(data)
            await writer.drain()
        writer.close()
    except OSError:
        writer.transport.abort()


async def relay(reader, writer):
    there, back = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(copy(reader, back, seconds), copy(there, writer))


async def main():
    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
