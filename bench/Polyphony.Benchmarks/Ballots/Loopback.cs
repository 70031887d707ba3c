using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>What a load run asks: writes its next request, hears its answers.</summary>
internal interface IQuestioner
{
    /// <summary>Writes the next request.</summary>
    /// <returns>Its length; 0 when there is nothing left to ask.</returns>
    int Next(Span<byte> request);

    /// <summary>Hears an answer.</summary>
    /// <param name="answer">Status line, headers and body.</param>
    void Heard(ReadOnlySpan<byte> answer);
}

/// <summary>What a load run measured.</summary>
/// <param name="Answers">Good answers (status 200 or 304).</param>
/// <param name="Failures">All other answers.</param>
/// <param name="Seconds">How long.</param>
/// <param name="Microseconds">The time of each answer, sorted.</param>
/// <param name="FirstFailure">The first bad answer.</param>
internal sealed record LoadReport(int Answers, int Failures, double Seconds, int[] Microseconds, string FirstFailure)
{
    public double PerSecond => Answers / Seconds;

    /// <summary>The time in milliseconds below which a share of the answers stays.</summary>
    public double Percentile(double share) => Microseconds.Length == 0 ? 0 : Microseconds[Math.Min(Microseconds.Length - 1, (int)(Microseconds.Length * share))] / 1_000d;
}

/// <summary>An HTTP/1.1 client for load: one thread, epoll, one request at a time on each connection. It shares two cores with the server,
/// so every microsecond it takes is missing there.</summary>
internal static unsafe partial class Loopback
{
    private const int LongestRequest = 16_384;
    private const int LongestAnswer = 1 << 20;
    private const uint EpollIn = 1;

    /// <summary>Asks as fast as answers come, or at a fixed rate.</summary>
    /// <param name="port">Port on 127.0.0.1.</param>
    /// <param name="connections">How many connections ask at the same time.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="rate">Requests a second; 0 for as many as can be. At a rate, time counts from the moment a request was due: waiting in line is part of it.</param>
    /// <param name="questioner">What to ask.</param>
    public static LoadReport Run(int port, int connections, int seconds, int rate, IQuestioner questioner)
    {
        Socket[] sockets = new Socket[connections];
        Connection[] state = new Connection[connections];
        int epoll = Check(EpollCreate(0));
        for (int i = 0; i < connections; i++)
        {
            sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets[i].Connect(IPAddress.Loopback, port);
            sockets[i].Blocking = false;
            state[i] = new Connection();
            EpollEvent interest = new() { Events = EpollIn, Data = i };
            Check(EpollControl(epoll, 1, (int)sockets[i].Handle, &interest));
        }

        List<int> times = new(1 << 20);
        Stack<int> idle = new(Enumerable.Range(0, connections).Reverse());
        EpollEvent* events = stackalloc EpollEvent[256];
        byte[] request = new byte[LongestRequest];
        int good = 0, bad = 0, asked = 0, open = 0;
        string firstFailure = "";
        long start = System.Diagnostics.Stopwatch.GetTimestamp(), frequency = System.Diagnostics.Stopwatch.Frequency, end = start + (seconds * frequency), last = start;
        bool empty = false;
        while (true)
        {
            long now = System.Diagnostics.Stopwatch.GetTimestamp();
            bool over = now >= end || empty;
            if (over && open == 0)
            {
                break;
            }

            while (!over && idle.Count > 0 && (rate == 0 || asked <= (now - start) * rate / frequency))
            {
                int length = questioner.Next(request);
                if (length == 0)
                {
                    empty = true;
                    break;
                }

                int i = idle.Pop();
                state[i].Due = rate == 0 ? now : start + (asked * frequency / rate);
                state[i].Held = 0;
                asked++;
                open++;
                Send(sockets[i], request.AsSpan(0, length));
            }

            int count = EpollWait(epoll, events, 256, open == 0 || rate > 0 ? 1 : 50);
            for (int e = 0; e < count; e++)
            {
                int i = (int)events[e].Data;
                Connection connection = state[i];
                int got = Receive(sockets[i], connection.Bytes.AsSpan(connection.Held));
                if (got <= 0)
                {
                    throw new IOException("The server closed a connection.");
                }

                connection.Held += got;
                ReadOnlySpan<byte> answer = connection.Bytes.AsSpan(0, connection.Held);
                if (!IsWhole(answer))
                {
                    continue;
                }

                now = System.Diagnostics.Stopwatch.GetTimestamp();
                last = now;
                times.Add((int)((now - connection.Due) * 1_000_000 / frequency));
                if (answer.StartsWith("HTTP/1.1 200"u8))
                {
                    good++;
                    questioner.Heard(answer);
                }
                else
                {
                    bad++;
                    firstFailure = firstFailure.Length > 0 ? firstFailure : System.Text.Encoding.UTF8.GetString(answer);
                }

                connection.Held = 0;
                open--;
                idle.Push(i);
            }
        }

        foreach (Socket socket in sockets)
        {
            socket.Dispose();
        }

        _ = Close(epoll);
        int[] sorted = [.. times];
        Array.Sort(sorted);
        return new(good, bad, (last - start) / (double)frequency, sorted, firstFailure);
    }

    /// <summary>Whether an answer has come to its end.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> headers = answer[..head];
        int at = headers.IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            return answer.EndsWith("0\r\n\r\n"u8) && answer.Length > head + 4;
        }

        return System.Buffers.Text.Utf8Parser.TryParse(headers[(at + 16)..], out int length, out _) && answer.Length >= head + 4 + length;
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            if (Send((int)socket.Handle, first, bytes.Length, 0x4000) != bytes.Length)
            {
                throw new IOException("A request was not taken whole.");
            }
        }
    }

    private static int Receive(Socket socket, Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return (int)Receive((int)socket.Handle, first, bytes.Length, 0);
        }
    }

    private static int Check(int result) => result >= 0 ? result : throw new IOException("errno " + Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int file, EpollEvent* interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int EpollWait(int epoll, EpollEvent* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int file, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int file, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct EpollEvent
    {
        public uint Events;
        public long Data;
    }

    private sealed class Connection
    {
        public readonly byte[] Bytes = new byte[LongestAnswer];
        public int Held;
        public long Due;
    }
}
