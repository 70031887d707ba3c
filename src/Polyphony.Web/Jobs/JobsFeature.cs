namespace Polyphony.Web.Jobs;

internal static class JobsFeature
{
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobSignals>();
        services.AddScoped<JobQueue>();
        services.AddHostedService<JobRunner>();
    }
}
