"""slow.py PORT FIRST EACH: a relay to PORT that holds back the first packet of every connection for FIRST seconds, and all that
follows for EACH. Prints its own port."""
import asyncio
import sys

port, first, each = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])


async def copy(reader, writer, pause):
    try:
        while data := await reader.read(65536):
            await asyncio.sleep(pause)
            pause = each
            writer.write(data)
            await writer.drain()
        writer.close()
    except OSError:
        writer.transport.abort()


async def relay(reader, writer):
    there, back = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(copy(reader, back, first), copy(there, writer, each))


async def main():
    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
