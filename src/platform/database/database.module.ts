import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index';
import { Database } from './database';

/**
 * Gives every module the one `Database` of the process, connected before the others start. It is closed last: in
 * `onApplicationShutdown`, after every `beforeApplicationShutdown` has finished its work.
 */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  static with(entities: Function[]): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Database,
          inject: [CONFIG],
          useFactory: async (config: Config) => {
            const database = new Database(config, entities);
            await database.start();
            return database;
          },
        },
      ],
      exports: [Database],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
