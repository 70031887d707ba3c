using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Polyphony.Benchmarks.Seats;

/// <summary>One page of a headless Chromium, led by its own protocol: enough to open, to ask and to move the mouse.</summary>
internal sealed partial class ChromiumPage : IAsyncDisposable
{
    private readonly Process process;
    private readonly string profile;
    private readonly ClientWebSocket socket = new();
    private int last;

    private ChromiumPage(Process process, string profile)
    {
        this.process = process;
        this.profile = profile;
    }

    public static async Task<ChromiumPage> StartAsync(string program)
    {
        string profile = Directory.CreateTempSubdirectory("polyphony-chromium-").FullName;
        ProcessStartInfo start = new(program) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", "--user-data-dir=" + profile, "--window-size=1440,900", "about:blank"])
        {
            start.ArgumentList.Add(argument);
        }

        ChromiumPage page = new(Process.Start(start)!, profile);
        string? line;
        do
        {
            line = await page.process.StandardError.ReadLineAsync() ?? throw new InvalidOperationException("Chromium ended before it listened.");
        }
        while (!Listening().IsMatch(line));
        _ = page.process.StandardError.ReadToEndAsync();
        using HttpClient client = new();
        JsonNode targets = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{Listening().Match(line).Groups[1].Value}/json/list")))!;
        await page.socket.ConnectAsync(new Uri((string)targets.AsArray().First(target => (string?)target!["type"] == "page")!["webSocketDebuggerUrl"]!), CancellationToken.None);
        return page;
    }

    /// <summary>Opens an address and waits until it is there.</summary>
    public async Task GoAsync(Uri address)
    {
        await SendAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() });
        await WaitAsync($"location.href === {JsonSerializer.Serialize(address.ToString())} && document.readyState === 'complete'");
    }

    public async Task WaitAsync(string condition)
    {
        for (int i = 0; i < 400; i++)
        {
            try
            {
                if ((bool?)await EvaluateAsync(condition) == true)
                {
                    return;
                }
            }
            catch (InvalidOperationException)
            {
                // Between two pages there is nobody to ask.
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"It never became true: {condition}; the page is {await EvaluateAsync("location.href")}.");
    }

    public async Task<double[]> NumbersAsync(string expression) => [.. (await EvaluateAsync(expression))!.AsArray().Select(number => (double)number!)];

    /// <summary>The value of an expression, awaited.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonNode answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        return answer["exceptionDetails"] is { } failure ? throw new InvalidOperationException(failure.ToJsonString()) : answer["result"]?["value"];
    }

    public Task MouseAsync(string type, double x, double y) => SendAsync("Input.dispatchMouseEvent", new JsonObject
    {
        ["type"] = type,
        ["x"] = x,
        ["y"] = y,
        ["button"] = "left",
        ["buttons"] = type == "mouseReleased" ? 0 : 1,
        ["clickCount"] = type == "mouseMoved" ? 0 : 1,
    });

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(profile, recursive: true);
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        int id = ++last;
        await socket.SendAsync(Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            using MemoryStream message = new();
            WebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            JsonNode answer = JsonNode.Parse(message.ToArray())!;
            if ((int?)answer["id"] == id)
            {
                return answer["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : answer["result"]!;
            }
        }
    }

    [GeneratedRegex("DevTools listening on ws://[^:]+:(\\d+)/")]
    private static partial Regex Listening();
}
