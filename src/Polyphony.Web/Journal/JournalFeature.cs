namespace Polyphony.Web.Journal;

/// <summary>The tamper-evident journal: signed, served to everybody, examined by <c>doctor</c>.</summary>
internal static class JournalFeature
{
    public static void AddJournal(this IServiceCollection services)
    {
        services.AddSingleton<LogKeeper>();
        services.AddHostedService<SignCheckpoints>();
    }

    public static void MapJournal(this IEndpointRouteBuilder app) => ServeLog.Map(app);
}
