using System.Text.Json;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Hosting;

public sealed class DescribingTheDoors(TestServer server)
{
    [Fact]
    public async Task The_document_holds_the_doors_for_programs_and_no_page_of_people()
    {
        using HttpClient client = new() { BaseAddress = server.Address };
        using JsonDocument document = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        string[] paths = [.. document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name)];
        Assert.Contains("/api/v1/sessions/{session}/ballot", paths);
        Assert.Contains("/d/{dialogue}/results.json", paths);
        Assert.Contains("/log/checkpoint", paths);
        Assert.DoesNotContain(paths, path => path.StartsWith("/organise", StringComparison.Ordinal) || path.StartsWith("/account", StringComparison.Ordinal) || path.StartsWith("/c/", StringComparison.Ordinal));
        JsonElement cast = document.RootElement.GetProperty("paths").GetProperty("/api/v1/sessions/{session}/ballot").GetProperty("post");
        Assert.Contains(cast.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key" && parameter.GetProperty("required").GetBoolean());
        Assert.Contains("personalLink", cast.GetProperty("security").ToString(), StringComparison.Ordinal);
    }
}
