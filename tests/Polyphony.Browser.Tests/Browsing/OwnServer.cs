using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Polyphony.Browser.Tests.Browsing;

/// <summary>The program as somebody starts it: a process of its own over an empty folder, and the link that it prints for the first administrator.</summary>
internal sealed partial class OwnServer : IAsyncDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("polyphony-own-").FullName;
    private readonly Process process;

    private OwnServer(int port)
    {
        Address = new Uri($"http://localhost:{port}");
        ProcessStartInfo start = new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Polyphony.Web.dll"), "--urls", Address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = data,
        };
        start.Environment["Polyphony__Data"] = data;
        start.Environment["Polyphony__Database"] = "";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        process = Process.Start(start)!;
    }

    public Uri Address { get; }

    /// <summary>Where mail lies, since no mail server is set.</summary>
    public string Outbox => Path.Combine(data, "outbox");

    /// <summary>The path of the link that makes the first administrator.</summary>
    public string FirstAdministrator { get; private set; } = "";

    public static async Task<OwnServer> StartAsync()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        OwnServer server = new(port);
        TaskCompletionSource<string> link = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> said = [];
        void Hear(string? line)
        {
            lock (said)
            {
                said.Add(line ?? "");
            }

            if (line is null)
            {
                link.TrySetException(new InvalidOperationException("The server did not start:\n" + string.Join('\n', said)));
            }
            else if (AcceptLink().Match(line) is { Success: true } found)
            {
                link.TrySetResult(found.Value);
            }
        }

        server.process.OutputDataReceived += (_, line) => Hear(line.Data);
        server.process.ErrorDataReceived += (_, line) => said.Add(line.Data ?? "");
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        server.FirstAdministrator = await link.Task;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(data, recursive: true);
    }

    [GeneratedRegex("/account/accept/[A-Za-z0-9_-]{22}")]
    private static partial Regex AcceptLink();
}
