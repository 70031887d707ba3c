namespace Polyphony.Web.Hosting;

/// <summary>The verbs of the program; without one it serves.</summary>
internal static class Verbs
{
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args.FirstOrDefault())
        {
            case null or ['-', ..]:
                return await ServeAsync(args);
            case "migrate":
                await using (WebApplication app = PolyphonyServer.Build(PolyphonyServer.CreateBuilder(args[1..])))
                {
                    await PolyphonyServer.PrepareAsync(app, CancellationToken.None);
                }

                return 0;
            default:
                return 2;
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder(args);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(PolyphonyServer.DefaultAddress);
        }

        await using WebApplication app = PolyphonyServer.Build(builder);
        await PolyphonyServer.PrepareAsync(app, CancellationToken.None);
        await app.RunAsync();
        return 0;
    }
}
